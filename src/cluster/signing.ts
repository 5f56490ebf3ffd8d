// Who has asked for a run: agents that trust certain keys only run what is signed by one of them. Ed25519, as nkeys of NATS write it.

import { readFileSync } from 'node:fs';
import { createAccount, fromPublic, fromSeed, type KeyPair } from '@nats-io/nkeys';
import { EXIT, ExitError } from '../exit/exit-error.ts';
import type { Claim, Decision } from './messages.ts';

const SEED = /^SA[A-Z2-7]{56}$/m;
const PUBLIC = /^A[A-Z2-7]{55}$/m;

/** What is signed begins with it, so that nothing that was signed for something else passes. */
const CLAIM = 'sixfold-claim-v1';
const DECISION = 'sixfold-decision-v2';

/** Signs what one run asks of agents. */
export class Signer {
  readonly #pair: KeyPair;

  /** @param seed as the file of the key has it */
  constructor(seed: string) {
    this.#pair = fromSeed(Buffer.from(seed));
  }

  get publicKey(): string {
    return this.#pair.getPublicKey();
  }

  signClaim(claim: Omit<Claim, 'signer' | 'signature'>): string {
    return this.#sign(claimText(claim));
  }

  /** @param place among the decisions of the run: it counts there alone */
  signDecision(run: string, place: number, decision: Decision): string {
    return this.#sign(decisionText(run, place, decision));
  }

  #sign(text: string): string {
    return Buffer.from(this.#pair.sign(Buffer.from(text))).toString('base64');
  }
}

/** @returns a new key: the file to sign with, and what agents are to trust */
export function createSigningKey(): { readonly file: string; readonly publicKey: string } {
  const pair = createAccount();
  return { file: `${Buffer.from(pair.getSeed()).toString('utf8')}\n`, publicKey: pair.getPublicKey() };
}

/** @throws ExitError 255 for a file that holds no key to sign with */
export function readSigner(file: string): Signer {
  const seed = SEED.exec(read(file))?.[0];
  if (seed === undefined)
    throw new ExitError(
      EXIT.other,
      `--sign ${file}: there is no key in it (a line that begins with SA); "sixfold cluster creds" makes one`,
    );
  return new Signer(seed);
}

/** @param given a public key, or a file with some @throws ExitError 255 for what is neither */
export function readTrusted(given: string): string[] {
  if (PUBLIC.test(given)) return [given];
  const keys = read(given)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => PUBLIC.test(line));
  if (keys.length === 0)
    throw new ExitError(EXIT.other, `--trust ${given}: there is no public key in it (56 characters, the first an A)`);
  return keys;
}

export function isClaimSigned(claim: Claim): boolean {
  const { signer, signature } = claim;
  return signer !== undefined && signature !== undefined && verify(signer, claimText(claim), signature);
}

export function isDecisionSigned(
  signer: string,
  run: string,
  { place, decision, signature }: { readonly place: number; readonly decision: Decision; readonly signature?: string },
): boolean {
  return signature !== undefined && verify(signer, decisionText(run, place, decision), signature);
}

function claimText({ run, index, from, sealed }: Omit<Claim, 'signer' | 'signature'>): string {
  return JSON.stringify([CLAIM, run, index, from, sealed]);
}

function decisionText(run: string, place: number, decision: Decision): string {
  return JSON.stringify([DECISION, run, place, decision]);
}

function verify(publicKey: string, text: string, signature: string): boolean {
  try {
    return fromPublic(publicKey).verify(Buffer.from(text), Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ExitError(EXIT.other, `the key cannot be read: ${(error as Error).message}`);
  }
}
