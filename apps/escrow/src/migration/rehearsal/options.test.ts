import { expect, it } from 'vitest'
import { parseOptions, UsageError } from './options.ts'

it('has defaults for everything', () => {
  expect(parseOptions([])).toMatchObject({
    documents: 20_000,
    seed: 1,
    json: false,
    keep: false,
    fresh: false,
  })
  expect(parseOptions([]).units).toBeUndefined()
})

it('keeps the order in which units shall cross', () => {
  expect(parseOptions(['--units', 'user, category']).units).toEqual(['user', 'category'])
})

it('names the option that is wrong', () => {
  for (const [argv, named] of [
    [['--documents', 'many'], '--documents'],
    [['--seconds', '1'], '--seconds'],
    [['--units', 'user,wallet'], '--units'],
    [['--speed', '9'], '--speed'],
  ] as const) {
    expect(() => parseOptions([...argv])).toThrow(UsageError)
    expect(() => parseOptions([...argv])).toThrow(named)
  }
})
