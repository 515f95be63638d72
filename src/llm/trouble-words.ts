/** Words and codes by which services tell what is wrong. Sources: docs/models.md. */

const anyOf = (...parts: string[]) => new RegExp(parts.join('|'), 'i');

/** A filter for content stopped it. A mention of a filter's results alone is none: `content_filter_results`. */
export const FILTERED = anyOf(
  'content_?filter(?:ed|ing)?(?!_?(?:result|offset|raw))',
  'content_?polic(?:y|ies)|violat\\w{1,12} .{0,60}polic(?:y|ies)|moderation|invalid_prompt\\b',
  'responsible_?ai_?policy|content management policy|content filtering policy|usage polic(?:y|ies)|content exists risk',
  'data_?inspection_?failed|inappropriate content|prohibited_content|blocklist|flagged_input|input was flagged',
  'flagged (?:as|by|for)|guardrail|safety (?:system|filter|polic|setting)',
  'blocked by .{0,40}(?:filter|policy|safety)|\\bSAFETY\\b.{0,20}block',
  'request (?:was|is) considered high risk|(?:sensitive|unsafe) content|prompt was blocked|敏感',
);

/** The provider reports the model's own refusal as an error. */
export const REFUSED = anyOf(
  '"(?:code|type|error_type)"\\s*:\\s*"refusal"',
  '\\bmodel (?:has )?(?:refused|declined)\\b',
);

/** The model wrote what its service then could not use. */
export const SLIP = anyOf(
  'json_validate_failed|failed_generation|failed to (?:generate|validate) json|malformed_function_call|tool_use_failed',
  'generated json does not match|invalid json (?:was )?(?:produced|generated)|output_parse_failed|output parsing',
);

/** What was paid for is used up. "Your current quota" alone may pass in a minute. */
export const SPENT = anyOf(
  'insufficient[_ ](?:quota|balance|funds|credits?)|billing_(?:hard_limit_reached|not_active)|billing hard limit',
  'exceeded_current_quota_error|credit balance is too low|(?:out of|not enough|no) credits|key limit exceeded',
  'payment (?:is )?required|arrearage|access_terminated|spend(?:ing)? limit|account is not active|more credits',
);
export const QUOTA = anyOf('exceeded your (?:current|monthly) quota', 'quota (?:is |was )?(?:exhausted|used up)');
/** Services that say so of every limit, also of one that passes in a minute. */
export const ANY_LIMIT = /resource_exhausted/i;

export const TOO_MANY = anyOf('rate.?limit', 'too many requests', 'resource_exhausted', 'throttl', 'tokens per min');

/** The key is wrong, told with a status that does not say so. */
export const BAD_KEY = anyOf(
  'api[_ ]?key (?:is )?(?:not valid|invalid|missing|expired|disabled)',
  '(?:invalid|incorrect|missing|expired|no) api[_ -]?key',
  'api_key_(?:invalid|missing)|authentication(?:_error| failed)|unauthori[sz]ed|invalid_(?:api_key|authentication)',
);

/** There is no such model, told with a status that does not say so. */
export const BAD_MODEL = anyOf(
  'model[_ ]not[_ ](?:found|exists?|available)|invalid_?model|invalid model\\b|unknown model|no such model',
  'is not a valid model|unsupported_?model',
  "model .{0,120}(?:not found|does ?n[o’']t exist|is not (?:found|supported by any provider|available))",
  'deployment ?not ?found|model .{0,120}(?:decommissioned|deprecated)|unable to access model',
);

/** The question is too long: such words often name what it is made of, and no other form makes it shorter. */
export const TOO_LONG = anyOf(
  'context[_ ](?:length|window|size)|maximum (?:context|input|prompt)',
  '(?:prompt|input|request) (?:is )?too (?:long|large)',
  'exceeds? .{0,40}(?:context|tokens)|string_above_max_length|token_limit|input tokens',
);

/** The part of the conversation that instructs has no place in the model's template. */
export const NO_SYSTEM_ROLE = anyOf(
  'system[_ ](?:role|message|prompt|instruction)s?\\b',
  'developer[_ ](?:role|message|instruction)s?\\b|roles? must alternate',
  'role.{0,40}[\'"`]?(?:system|developer)\\b|[\'"`](?:system|developer)[\'"`].{0,40}role',
  'only (?:support )?user and (?:assistant|model) roles|should be .?user.? or .?assistant',
);

/** The form of the answer is asked for in a way that it does not know. */
export const NO_SUCH_FORM = anyOf(
  'response_?(?:format|schema|mime)|json_?schema|json_?object|json[ _]mode|structured[_ ](?:outputs?|generation)',
  'guided[_ ](?:json|decoding|grammar)|\\bgrammar|\\bstrict\\b|\\bschemas?\\b|\\bunions?\\b|\\bany_?of\\b',
  'additional_?properties|\\bnullable\\b|cannot start list|multiple types',
  'type arrays?|requested parameters|required for format|invalid format',
);

/** It begins to work by itself. */
export const LOADING = anyOf(
  '\\bloading (?:the )?model|\\bmodel_?loading',
  '\\b(?:is|are) (?:still |currently |being )*(?:loading|starting|initiali[sz]ing)',
  'model.{0,80}\\b(?:is|are) (?:still |currently )?being loaded|warm(?:ing)?[ -]?up|cold[ -]?start|\\bstarting up\\b',
  '\\bnot (?:yet )?ready\\b|estimated_time',
);
