import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits. The prefix lets scanners recognise a key in published code. */
export const newKeyText = () => `mm_${randomBytes(32).toString('base64url')}`;

const FORM = /^mm_[A-Za-z0-9_-]{43}$/;

/** Whether a text has the form of a key; a text of another form is not looked up. */
export const hasKeyForm = (text: string) => FORM.test(text);

/** The only part of a key that is kept. */
export const digestOf = (text: string) => createHash('sha256').update(text).digest();
