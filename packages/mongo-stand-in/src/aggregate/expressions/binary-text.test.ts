import { Binary, UUID } from 'bson'
import { describe, expect, it } from 'vitest'
import { asStored, exactly } from '../../bson/as-stored.ts'
import { compileExpression, scopeOf } from '../expression.ts'

const TEXT = '3b241101-e2bb-4255-8caf-4136c566a962'
const uuid = new UUID(TEXT)
const bytes = (text: string, subtype = 0) => new Binary(Buffer.from(text), subtype)

function evaluate(expression: unknown): unknown {
  const { e } = asStored({ e: expression })
  return compileExpression(e)(scopeOf({}, {}))
}

const convert = (input: unknown, to: unknown, format?: string, rest: object = {}) => ({
  $convert: { input, to, ...(format === undefined ? {} : { format }), ...rest },
})

describe('binary data and text', () => {
  it.each([
    [convert('aGk=', 'binData', 'base64'), bytes('hi')],
    [convert('-_8', 'binData', 'base64url'), new Binary(Buffer.from([0xfb, 0xff]))],
    [convert('6869', 'binData', 'hex'), bytes('hi')],
    [convert('hé', { type: 'binData', subtype: 128 }, 'utf8'), bytes('hé', 128)],
    [convert(TEXT, { type: 'binData', subtype: 4 }, 'uuid'), uuid],
    [{ $toUUID: TEXT }, uuid],
    [{ $toUUID: null }, null],
    [convert(bytes('hi'), 'string', 'base64'), 'aGk='],
    [convert(bytes('jk'), 'string', 'hex'), '6A6B'],
    [convert(bytes('hé'), 'string', 'utf8'), 'hé'],
    [convert(uuid, 'string', 'uuid'), TEXT],
    [convert(uuid, 'string', 'auto'), TEXT],
    [convert(bytes('hi'), 'string', 'auto'), 'aGk='],
    [{ $toString: uuid }, TEXT],
    [{ $toString: bytes('hi') }, 'aGk='],
    [convert(bytes('hi'), 'binData'), bytes('hi')],
    [convert('no', 'binData', 'uuid', { onError: 'bad' }), 'bad'],
    [convert(null, 'binData', 'hex', { onNull: 'none' }), 'none'],
    [convert('x', null), null],
  ])('%j', (expression, expected) => {
    expect(exactly({ result: evaluate(expression) })).toBe(exactly({ result: expected }))
  })

  it.each([
    [convert('hi', 'binData'), 4341115],
    [convert(bytes('hi'), 'string'), 4341115],
    [convert('a', 'binData', 'rot13'), 4341125],
    [convert('a=b', 'binData', 'base64'), 241],
    [convert('123', 'binData', 'hex'), 241],
    [convert('hi', { type: 'binData', subtype: 4 }, 'utf8'), 241],
    [convert(new Binary(Buffer.from([0xe2, 0x82])), 'string', 'utf8'), 241],
    [convert(bytes('hi'), 'string', 'uuid'), 241],
    [convert(5, 'binData', 'hex'), 241],
    [convert(bytes('hi', 128), 'binData'), 241],
    [convert('a', { type: 'binData', subtype: 300 }, 'utf8'), 4341107],
    [convert('a', 'binData', 'utf8', { byteOrder: 'little' }), 238],
  ])('%j is refused with %i', (expression, code) => {
    expect(() => evaluate(expression)).toThrow(expect.objectContaining({ code }))
  })
})
