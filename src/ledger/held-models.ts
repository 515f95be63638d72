/** Models that are held: no worker asks them, save for probes. */
const HELD = 'SELECT model FROM model_breakers WHERE opened_at IS NOT NULL';

/** The first model of a list that is not held: no row, or one. @param models a parameter, text[] */
export const USABLE_MODEL = (models: string) => `SELECT model
    FROM unnest(${models}::text[]) WITH ORDINALITY AS preferred (model, place) WHERE model NOT IN (${HELD})
    ORDER BY place LIMIT 1`;

/** For a WHERE on model_breakers: a job may probe now, and none does. */
export const PROBE_IS_DUE = `opened_at IS NOT NULL AND next_probe_at <= now() AND NOT EXISTS (
      SELECT 1 FROM generation_jobs AS probing
      WHERE probing.status = 'IN_PROGRESS' AND probing.lease_token = model_breakers.probe)`;

/** Of a row of model_breakers: whether the workers that ask it have no model left that is not held. */
const HOLDS_ALL = `(SELECT bool_and((SELECT opened_at FROM model_breakers AS other WHERE other.model = asked)
      IS NOT NULL) FROM unnest(model_breakers.models) AS asked)`;

/** The hold of all jobs: no row, or that of the model which is probed first. */
export const MODEL_HOLD = `SELECT message, opened_at, next_probe_at FROM model_breakers
    WHERE opened_at IS NOT NULL AND ${HOLDS_ALL} ORDER BY next_probe_at LIMIT 1`;

/** For a WHERE: a model is left that is not held, as far as is known. */
export const NOT_HELD = `NOT EXISTS (${MODEL_HOLD})`;

/** A model that is held, for reports. */
export interface HeldModel {
  model: string;
  message: string;
  /** The service's own words; `null`: it said nothing. */
  reason: string | null;
  opened_at: Date;
  next_probe_at: Date;
  /** Until the next probe, by the database's clock. */
  seconds_left: number;
  /** Whether all jobs wait for it, because no other model is left. */
  holds: boolean;
}

export const HELD_MODELS = `SELECT model, message, reason, opened_at, next_probe_at,
    GREATEST(extract(epoch FROM next_probe_at - now()), 0)::float AS seconds_left, ${HOLDS_ALL} AS holds
  FROM model_breakers WHERE opened_at IS NOT NULL ORDER BY opened_at, model`;

/** Forgets models that no living worker asks any more, so that they hold nothing. @param own a parameter, text[] */
export const FORGET_HELD = (own: string) => `DELETE FROM model_breakers WHERE opened_at IS NOT NULL
    AND model <> ALL(${own}::text[]) AND NOT EXISTS (SELECT 1 FROM workers
      WHERE expires_at > now() AND models @> ARRAY[model_breakers.model])`;
