import { EARLIEST_BIRTH } from '../domain/kinds.js';
import { namesakesOf, pickerFor, subjectOf, textFor } from '../llm/samples.js';

/** A person as the mock invents one. */
export function samplePerson(data: Record<string, unknown>) {
  const name = subjectOf(data, EARLIEST_BIRTH);
  const pick = pickerFor(name);
  const year = (data.birth_year as number | null) ?? 1930 + pick.number(0, 60);
  const [month, day] = [pick.number(1, 12), pick.number(2, 28)].map((n) => String(1 + n).padStart(2, '0'));
  return {
    found: true,
    name,
    other_names: [],
    birth_year: year,
    namesakes: namesakesOf(data, name, EARLIEST_BIRTH).map((one) => ({ name: one.name, birth_year: one.year })),
    birth_date: `${year}-${month}-${day}`,
    birthplace: 'Mocktown',
    biography: textFor(data, name),
    known_for: [
      { title: `A Mock Film with ${name}`, release_year: year + 30, role: 'ACTOR', character_name: 'Character 1' },
    ],
  };
}
