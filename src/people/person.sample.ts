import { EARLIEST_BIRTH } from '../domain/kinds.js';
import { pickerFor, subjectOf, textFor } from '../llm/samples.js';

/** A person as the mock invents one. */
export function samplePerson(data: Record<string, unknown>) {
  const name = subjectOf(data, EARLIEST_BIRTH);
  const pick = pickerFor(name);
  const year = (data.birth_year as number | null) ?? 1930 + pick.number(0, 60);
  return {
    found: true,
    name,
    birth_date: `${year}-${String(1 + pick.number(1, 12)).padStart(2, '0')}-${String(1 + pick.number(2, 28)).padStart(2, '0')}`,
    birthplace: 'Mocktown',
    biography: textFor(data, name),
    known_for: [
      { title: `A Mock Film with ${name}`, release_year: year + 30, role: 'ACTOR', character_name: 'Character 1' },
    ],
  };
}
