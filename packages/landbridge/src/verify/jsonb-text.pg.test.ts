import fc from 'fast-check'
import { freshDatabase } from 'test-world/postgres'
import { expect, it } from 'vitest'
import { jsonbText } from './jsonb-text.ts'

it('writes what Postgres writes for any JSON, or does not know', async () => {
  await using database = await freshDatabase()
  const key = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 4 }),
    fc.constantFrom('a', 'bb', 'é', '"', '\\', '\\"', ''),
  )
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { depthSize: 'small' },
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(null, true, false, 0, -0, 1.5, -7, 1e21, 1e-7, 2 ** 53, 0.1),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.array(tie('json'), { maxLength: 4 }),
      fc.dictionary(key, tie('json'), { maxKeys: 5 }),
    ),
  }))
  const values = fc.sample(json, 2_000).map((value) => JSON.stringify(value))
  const texts = [
    ...values.filter((text) => !text.includes('\\u0000')),
    '{"a":1,"a":2}',
    '{"a":-0}',
    '[-0.0,1.50]',
    '[[],{}]',
  ]
  const { rows } = await database.pool.query<{ text: string }>(
    'select json::jsonb::text as text from unnest($1::text[]) with ordinality as given (json, n) order by n',
    [texts],
  )
  let known = 0
  for (const [i, text] of texts.entries()) {
    const written = jsonbText(text)
    if (written !== undefined) known++
    expect([text, written ?? rows[i]?.text]).toEqual([text, rows[i]?.text])
  }
  expect(known).toBeGreaterThan(texts.length / 2)
})

it('does not know what is no JSON as JSON.stringify writes it', () => {
  for (const text of ['', '{', '{"a" :1}', '[1,]', '"a', '1e5', '{"a":1}x', '01x'])
    expect(jsonbText(text)).toBeUndefined()
})
