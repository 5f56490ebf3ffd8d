/**
 * Whether a request that failed may be sent again on another connection: the peer cannot have seen it; nothing of an answer
 * came, which on a kept connection mostly means that the peer was closing it; or it must not.
 */
export type Resend = 'unseen' | 'unanswered' | 'no';
