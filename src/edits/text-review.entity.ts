import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { Actor } from '../audit/actions.js';
import type { EntityKind } from '../domain/kinds.js';
import type { ContextTag, Locale, TextVerdict } from '../domain/vocabulary.js';

/** What somebody thought of a text that a model wrote. It stays when the text goes, and counts for the model. */
@Entity('text_reviews')
@Unique('text_reviews_one_a_text', ['text_id'])
export class TextReview {
  /** A new one with each verdict: its time is that of the verdict. */
  @PrimaryColumn('uuid') id: string;
  @Column('text') entity: EntityKind;
  @Column('uuid') text_id: string;
  /** That of the film or the person, as it was then. */
  @Column('text') slug: string;
  @Column('text') locale: Locale;
  @Column('text') context_tag: ContextTag;
  @Column('text') model: string;
  /** `null`: the text is of before there were versions. */
  @Column('text', { nullable: true }) prompt_version: string | null;
  @Column('text') verdict: TextVerdict;
  @Column('text', { nullable: true }) note: string | null;
  @Column('timestamptz', { default: () => 'now()' }) at: Date;
  @Column('text') actor: Actor;
  /** `null`: no key was needed, it was the bootstrap token, or the key is gone. */
  @Column('uuid', { nullable: true }) api_key_id: string | null;
}
