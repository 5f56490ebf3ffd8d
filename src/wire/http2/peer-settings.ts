import {
  DEFAULT_FRAME_SIZE,
  DEFAULT_WINDOW,
  FLOW_CONTROL_ERROR,
  MAX_FRAME_SIZE,
  MAX_WINDOW,
  PROTOCOL_ERROR,
} from './protocol.ts';

const HEADER_TABLE_SIZE = 1;
const ENABLE_PUSH = 2;
const MAX_CONCURRENT_STREAMS = 3;
const INITIAL_WINDOW_SIZE = 4;
const MAX_FRAME_SIZE_ID = 5;
const MAX_HEADER_LIST_SIZE = 6;
/** RFC 8441, section 3. */
const ENABLE_CONNECT_PROTOCOL = 8;

/** RFC 9113 lets us assume no limit; until the peer's first SETTINGS this many is wiser (section 6.5.2 advises servers so). */
const STREAMS_BEFORE_SETTINGS = 100;

export interface SettingsFault {
  http2Error: number;
  why: string;
}

/** What the peer has told of itself (RFC 9113 section 6.5.2). */
export class PeerSettings {
  headerTableSize = 4096;
  maxConcurrentStreams = STREAMS_BEFORE_SETTINGS;
  initialWindow = DEFAULT_WINDOW;
  maxFrameSize = DEFAULT_FRAME_SIZE;
  maxHeaderListSize = Number.POSITIVE_INFINITY;
  /** Other protocols may be spoken on a stream: WebSocket, for one. */
  takesConnectProtocol = false;
  received = false;

  /** Takes the parameters of one SETTINGS frame, whose length is a multiple of six. */
  apply(bytes: Buffer, start: number, end: number): SettingsFault | null {
    if (!this.received) this.maxConcurrentStreams = Number.POSITIVE_INFINITY;
    this.received = true;
    for (let at = start; at < end; at += 6) {
      const fault = this.#set(bytes.readUInt16BE(at), bytes.readUInt32BE(at + 2));
      if (fault !== null) return fault;
    }
    return null;
  }

  #set(id: number, value: number): SettingsFault | null {
    switch (id) {
      case HEADER_TABLE_SIZE:
        this.headerTableSize = value;
        break;
      case ENABLE_PUSH:
        if (value !== 0) return { http2Error: PROTOCOL_ERROR, why: `ENABLE_PUSH ${value} from a server` };
        break;
      case MAX_CONCURRENT_STREAMS:
        this.maxConcurrentStreams = value;
        break;
      case INITIAL_WINDOW_SIZE:
        if (value > MAX_WINDOW) return { http2Error: FLOW_CONTROL_ERROR, why: `INITIAL_WINDOW_SIZE ${value}` };
        this.initialWindow = value;
        break;
      case MAX_FRAME_SIZE_ID:
        if (value < DEFAULT_FRAME_SIZE || value > MAX_FRAME_SIZE)
          return { http2Error: PROTOCOL_ERROR, why: `MAX_FRAME_SIZE ${value}` };
        this.maxFrameSize = value;
        break;
      case MAX_HEADER_LIST_SIZE:
        this.maxHeaderListSize = value;
        break;
      case ENABLE_CONNECT_PROTOCOL:
        if (value > 1 || (value === 0 && this.takesConnectProtocol))
          return { http2Error: PROTOCOL_ERROR, why: `ENABLE_CONNECT_PROTOCOL ${value}` };
        this.takesConnectProtocol = value === 1;
        break;
    }
    return null;
  }
}

/** The settings that we send. */
export function ownSettings(window: number, maxHeaderListSize: number): [id: number, value: number][] {
  return [
    [HEADER_TABLE_SIZE, 4096],
    [ENABLE_PUSH, 0],
    [INITIAL_WINDOW_SIZE, window],
    [MAX_HEADER_LIST_SIZE, maxHeaderListSize],
  ];
}

/** The setting that changes the window of all streams (RFC 9113, section 6.9.2). @param window octets */
export function windowSetting(window: number): [id: number, value: number][] {
  return [[INITIAL_WINDOW_SIZE, window]];
}
