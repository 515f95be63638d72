import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits. The prefix lets scanners of published code recognise a key that got there. */
export const newKeyText = () => `mm_${randomBytes(32).toString('base64url')}`;

const FORM = /^mm_[A-Za-z0-9_-]{43}$/;

/** Whether a text could be a key at all; nobody has to be asked about one that could not. */
export const hasKeyForm = (text: string) => FORM.test(text);

/** All that is kept of a key. */
export const digestOf = (text: string) => createHash('sha256').update(text).digest();
