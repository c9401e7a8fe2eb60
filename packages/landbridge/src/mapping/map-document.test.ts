import { Binary, Decimal128, Double, Int32, Long, ObjectId } from 'bson'
import { describe, expect, it } from 'vitest'
import { uuidFromObjectId } from '../identity/object-id-uuid.ts'
import { canonicalEquals } from './canonical-form.ts'
import { orderMapping } from './test-mappings.ts'
import type { Document, EntityRows, KeptValue, MapOptions, Row } from './types.ts'

const _id = new ObjectId('507f1f77bcf86cd799439011')
const id = uuidFromObjectId(_id)

/** An order that needs nothing in `extra`. */
function plainOrder(): Document {
  return {
    _id,
    amount: { amount: new Int32(5), currency: 'USD' },
    delivery: { lines: [] },
    tags: [],
    watchers: [],
    tagCount: '0 tags',
    parentId: null,
    quality: { score: null },
  }
}

function mapped(
  document: Document,
  options?: MapOptions,
): { rows: EntityRows; kept: KeptValue[]; row: Row; extra: unknown } {
  const outcome = orderMapping.mapDocument(document, options)
  if (outcome.kind !== 'mapped') throw new Error(`refused: ${outcome.path} ${outcome.reason}`)
  const row = outcome.rows.tables.orders?.[0] as Row
  return { rows: outcome.rows, kept: outcome.kept, row, extra: row.extra }
}

function expectBack(rows: EntityRows, document: Document): void {
  expect(canonicalEquals(orderMapping.rebuildDocument(rows), document)).toBe(true)
}

describe('a document without oddities', () => {
  it('fills its columns and leaves extra empty', () => {
    const { row, rows, kept } = mapped({
      ...plainOrder(),
      title: 'Tea',
      quantity: new Int32(2),
      createdAt: new Date(5),
    })
    expect(row).toMatchObject({
      id,
      legacy_object_id: _id.toHexString(),
      amount: '5',
      currency: 'USD',
      title: 'Tea',
    })
    expect(row.extra).toBeNull()
    expect(row).not.toHaveProperty('origin')
    expect(kept).toEqual([])
    expect(Object.keys(rows.tables)).toEqual(orderMapping.tables.map((table) => table.name))
  })
})

describe('values in another spelling', () => {
  it.each([
    ['a price as text', 'amount.amount', '1.50', 'amount', '1.5'],
    ['a price as Decimal128', 'amount.amount', Decimal128.fromString('1.50'), 'amount', '1.5'],
    ['a whole price as Double', 'amount.amount', new Double(7), 'amount', '7'],
    ['a Long', 'quantity', Long.fromNumber(3), 'quantity', 3],
    ['hex instead of an ObjectId', 'buyerId', '507f1f77bcf86cd799439011', 'buyer_id', id],
    ['upper-case hex', 'buyerId', '507F1F77BCF86CD799439011', 'buyer_id', id],
    [
      'a date as text',
      'createdAt',
      '2024-01-02T03:04:05.000Z',
      'created_at',
      new Date('2024-01-02T03:04:05.000Z'),
    ],
    ['an ObjectId in a text field', 'email', _id, 'email', '507f1f77bcf86cd799439011'],
    ['a UUID binary', 'proof', new Binary(Buffer.alloc(16), 4), 'proof', Buffer.alloc(16)],
  ])('%s lands in the column and comes back as it was', (_name, path, value, column, cell) => {
    const document = withValue(path, value)
    const { row, rows, kept, extra } = mapped(document)
    expect(row[column]).toEqual(cell)
    expect(kept).toEqual([])
    expect(extra).toMatchObject({ $form: { [path]: expect.anything() } })
    expectBack(rows, document)
  })

  it('null, and arrays that are missing or null, are told from what is not there', () => {
    const document: Document = {
      ...plainOrder(),
      title: null,
      tags: null,
      quote: null,
      delivery: {},
      tagCount: undefined,
    }
    const { rows, extra } = mapped(document)
    expect(extra).toMatchObject({
      $form: { title: null, tags: null, quote: null, 'delivery.lines': { $missing: true } },
    })
    expectBack(rows, document)
  })
})

describe('fields whose null columns mean null', () => {
  it('need no form for null, and one for what is missing', () => {
    const { parentId: _, ...document } = plainOrder()
    const { rows, extra } = mapped({ ...document, quality: new Int32(1) })
    expect(extra).toMatchObject({
      $form: { parentId: { $missing: true }, 'quality.score': { $missing: true } },
    })
    expectBack(rows, { ...document, quality: new Int32(1) })
    const row = rows.tables.orders?.[0] as Row
    row.score = 3
    expectBack(rows, { ...document, quality: { score: new Int32(3) } })
  })
})

describe('values that a column cannot hold', () => {
  it.each([
    ['NaN', 'amount.amount', new Double(Number.NaN), 'range'],
    ['19 decimals', 'amount.amount', Decimal128.fromString('0.1234567890123456789'), 'precision'],
    ['21 digits before the point', 'amount.amount', '123456789012345678901', 'range'],
    ['text that is no number', 'amount.amount', '12 USD', 'type'],
    ['Persian digits', 'amount.amount', '۱۲', 'type'],
    ['less than the CHECK allows', 'amount.amount', new Int32(-1), 'check'],
    ['a status nobody knows', 'state', 'limbo', 'enum'],
    ['NUL', 'email', 'a\0b', 'nul'],
    ['too long a title', 'title', 'x'.repeat(21), 'length'],
    ['a number where text is expected', 'title', new Int32(1), 'type'],
    ['a reference to nothing readable', 'buyerId', 'system', 'type'],
    ['half a quantity', 'quantity', new Double(1.5), 'precision'],
    ['a document that is a number', 'quote', new Int32(1), 'type'],
    ['an array with a number among documents', 'delivery.lines', [{ sku: 'a' }, new Int32(1)], 'type'],
    ['an element without what it needs', 'delivery.lines', [{ price: new Int32(1) }], 'required'],
    ['a tag that is a number', 'tags', ['a', new Int32(1)], 'type'],
  ])('%s goes to extra with path and reason', (_name, path, value, reason) => {
    const document = withValue(path, value)
    const { rows, kept, row } = mapped(document)
    expect(kept).toEqual([expect.objectContaining({ path, reason })])
    expect(row.extra).toMatchObject({ [path]: { reason } })
    expect(rows.tables.order_lines).toEqual([])
    expectBack(rows, document)
  })

  it('a path that nobody mapped is kept, whatever its key', () => {
    const document = {
      ...plainOrder(),
      note: 'x',
      'a.b': new Int32(1),
      $form: 'y',
      amount: { amount: new Int32(1), currency: 'USD', tax: 'z' },
    }
    const { rows, kept } = mapped(document)
    expect(kept.map(({ path }) => path)).toEqual(['amount.tax', 'note', 'a\\.b', '\\$form'])
    expectBack(rows, document)
  })

  it('only part of a json field does not take the rest with it', () => {
    const document = {
      ...plainOrder(),
      blockchain: { transactionHash: 'x', network: 'eth', gas: new Double(Number.NaN) },
    }
    const { rows, row } = mapped(document)
    expect(row).toMatchObject({ transaction_hash: 'x', blockchain: { network: 'eth' } })
    expectBack(rows, document)
  })

  it('refuses the document where the column is NOT NULL', () => {
    expect(orderMapping.mapDocument(withValue('amount.currency', 'DOGE'))).toMatchObject({
      kind: 'refused',
      path: 'amount.currency',
      code: 'enum',
      valueType: 'string',
    })
    expect(orderMapping.mapDocument({ _id })).toMatchObject({
      kind: 'refused',
      path: 'amount.currency',
      code: 'required',
    })
    expect(orderMapping.mapDocument({ ...plainOrder(), _id: 'x' })).toMatchObject({
      kind: 'refused',
      path: '_id',
      code: 'id',
    })
  })

  it('keeps what the applier takes out of its column', () => {
    const document = { ...plainOrder(), email: 'twin@example.org' }
    const { rows, row, kept } = mapped(document, { outcomes: [{ path: 'email', reason: 'unique' }] })
    expect(row.email).toBeNull()
    expect(kept).toEqual([{ path: 'email', reason: 'unique', valueType: 'string' }])
    expectBack(rows, document)
  })
})

describe('a row that the application changed', () => {
  it('outgrows its forms and kept values', () => {
    const document = withValue('amount.amount', '1.50')
    const { rows, row } = mapped({
      ...document,
      state: 'limbo',
      buyerId: '507f1f77bcf86cd799439011',
      title: null,
    })
    row.amount = '2.000000000000000000'
    row.state = 'paid'
    row.buyer_id = uuidFromObjectId('507f1f77bcf86cd799439012')
    row.title = 'new'
    expectBack(rows, {
      ...plainOrder(),
      amount: { amount: new Int32(2), currency: 'USD' },
      state: 'paid',
      buyerId: new ObjectId('507f1f77bcf86cd799439012'),
      title: 'new',
    })
  })

  it('outgrows the forms inside of json place by place', () => {
    const preferences = { a: Long.fromNumber(1), b: Long.fromNumber(2) }
    const { rows, row } = mapped({ ...plainOrder(), preferences })
    row.preferences = { a: 1, b: 3 }
    expectBack(rows, { ...plainOrder(), preferences: { a: Long.fromNumber(1), b: new Int32(3) } })
  })

  it('outgrows a whole array that was kept once it has rows', () => {
    const { rows } = mapped(withValue('tags', 'none'))
    rows.tables.order_tags?.push({ order_id: id, ordinal: 0, tag: 'new' })
    expectBack(rows, { ...plainOrder(), tags: ['new'], tagCount: '1 tags' })
  })

  it('outgrows a derived value that was stored otherwise', () => {
    const document = { ...plainOrder(), tagCount: 'many' }
    const { rows } = mapped(document)
    expectBack(rows, document)
    rows.tables.order_tags?.push({ order_id: id, ordinal: 0, tag: 'new' })
    expectBack(rows, { ...document, tags: ['new'], tagCount: '1 tags' })
  })

  it('keeps the value where the application set the column to null and back', () => {
    const document = withValue('state', 'limbo')
    const { rows, row } = mapped(document)
    row.state = 'open'
    row.state = null
    expectBack(rows, document)
  })
})

describe('references', () => {
  it('keep kind and form in their columns', () => {
    const cases: [unknown, unknown[]][] = [
      [_id, ['entity', id, null, 'objectId']],
      [_id.toHexString(), ['entity', id, null, 'hex']],
      ['template-checkout-9', ['template', null, 'template-checkout-9', 'text']],
      ['system', ['external', null, 'system', 'text']],
      ['webhook:7', ['external', null, 'webhook:7', 'text']],
    ]
    for (const [value, cells] of cases) {
      const document = withValue('requestId', value)
      const { row, rows } = mapped(document)
      expect([row.request_ref_kind, row.request_id, row.request_external_ref, row.request_ref_form]).toEqual(
        cells,
      )
      expect(row.extra).toBeNull()
      expectBack(rows, document)
    }
  })
})

describe('dropped paths', () => {
  it('stay behind, also where their array is kept whole', () => {
    const lines = [{ sku: 'a', scratch: 1 }, new Int32(1)]
    const { rows } = mapped({ ...plainOrder(), oldIndex: 1, delivery: { lines, cache: 'x' } })
    expectBack(rows, { ...plainOrder(), delivery: { lines: [{ sku: 'a' }, new Int32(1)] } })
  })
})

/** A plain order with one value set at a dotted path. */
function withValue(path: string, value: unknown): Document {
  const document = plainOrder()
  const keys = path.split('.')
  const last = keys.pop() as string
  let here = document
  for (const key of keys) {
    here[key] = { ...(here[key] as Document) }
    here = here[key] as Document
  }
  here[last] = value
  document.tagCount = Array.isArray(document.tags) ? `${document.tags.length} tags` : undefined
  if (document.tagCount === undefined) delete document.tagCount
  return document
}
