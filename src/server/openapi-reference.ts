import type { OpenAPIObject } from '@nestjs/swagger';

/** The component that a `$ref` names; any other part as it is. */
export function target<T extends object>({ components }: OpenAPIObject, part: T | { $ref: string }): T {
  if (!('$ref' in part)) return part;
  const [, , kind, name] = part.$ref.split('/') as [string, string, 'responses', string];
  return components![kind]![name] as T;
}
