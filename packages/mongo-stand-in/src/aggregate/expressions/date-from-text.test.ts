import { describe, expect, it } from 'vitest'
import { asStored } from '../../bson/as-stored.ts'
import { compileExpression, scopeOf } from '../expression.ts'

function read(dateString: unknown, rest: object = {}): unknown {
  const { e } = asStored({ e: { $dateFromString: { dateString, ...rest } } })
  return compileExpression(e)(scopeOf({}, {}))
}

describe('$dateFromString', () => {
  it.each([
    ['06-15-2018', '%m-%d-%Y', '2018-06-15T00:00:00Z'],
    ['5/6/2018 7:08', '%d/%m/%Y %H:%M', '2018-06-05T07:08:00Z'],
    ['2018.166', '%Y.%j', '2018-06-15T00:00:00Z'],
    ['2018-W24-5', '%G-W%V-%u', '2018-06-15T00:00:00Z'],
    ['2021-01-7', '%G-%V-%u', '2021-01-10T00:00:00Z'],
    ['Feb 29, 2024', '%b %d, %Y', '2024-02-29T00:00:00Z'],
    ['1 august 1999', '%d %B %Y', '1999-08-01T00:00:00Z'],
    ['2018-06-15T10:11:12.089+0200', '%Y-%m-%dT%H:%M:%S.%L%z', '2018-06-15T08:11:12.089Z'],
    ['2018-06-15 -60', '%Y-%m-%d %Z', '2018-06-15T01:00:00Z'],
    ['100% 2018-06-15', '100%% %Y-%m-%d', '2018-06-15T00:00:00Z'],
  ])('reads %j by %j', (text, format, expected) => {
    expect(read(text, { format })).toEqual(new Date(expected))
  })

  it('takes the clock of a zone', () => {
    expect(read('2018-07-01 12', { format: '%Y-%m-%d %H', timezone: 'Europe/Vienna' })).toEqual(
      new Date('2018-07-01T10:00:00Z'),
    )
  })

  it.each([
    ['2018-13-01', '%Y-%m-%d', 241],
    ['2023-02-29', '%Y-%m-%d', 241],
    ['2018-06', '%Y-%m', 241],
    ['2018-06-15x', '%Y-%m-%d', 241],
    ['15', '%Q', 18536],
    [5, '%Y', 241],
    ['2018', 5, 40684],
  ])('refuses %j by %j with %i', (text, format, code) => {
    expect(() => read(text, { format })).toThrow(expect.objectContaining({ code }))
  })

  it('has answers for what is missing or unreadable', () => {
    expect(read(null, { onNull: 'none' })).toBe('none')
    expect(read('x', { format: '%Y', onError: 'bad' })).toBe('bad')
    expect(read(7, { onError: 'bad' })).toBe('bad')
    expect(read('2018', { format: null })).toBe(null)
    const zoned = { format: '%Y-%m-%d%z', timezone: '+01' }
    expect(() => read('2018-01-01+02', zoned)).toThrow(expect.objectContaining({ code: 241 }))
  })
})
