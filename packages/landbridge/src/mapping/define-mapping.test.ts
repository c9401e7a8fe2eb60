import { integer, jsonb, pgTable, text, time, uuid } from 'drizzle-orm/pg-core'
import { describe, expect, it } from 'vitest'
import { reference } from './codecs/reference.ts'
import { text as textCodec } from './codecs/text.ts'
import { defineMapping } from './define-mapping.ts'
import { type MappingDefinition, rows } from './definition.ts'
import { orderMapping, orders } from './test-mappings.ts'

const things = pgTable('things', {
  id: uuid('id').primaryKey(),
  extra: jsonb('extra'),
  name: text('name'),
  note: text('note'),
})
const parts = pgTable('parts', {
  thingId: uuid('thing_id').notNull(),
  ordinal: integer('ordinal').notNull(),
  name: text('name'),
})

function define(definition: Partial<MappingDefinition>) {
  return defineMapping({ unit: 'thing', collection: 'things', table: things, ...definition })
}

describe('a mapping of a plain table', () => {
  it('is inferred whole', () => {
    expect(define({}).mappedPaths()).toEqual(['name', 'note'])
    expect(define({}).table).toMatchObject({ name: 'things', kind: 'root', extra: 'extra', ordinals: [] })
  })
})

describe('a mapping', () => {
  it('lists its tables parents first, with what finds a row in its entity', () => {
    expect(orderMapping.tables.map(({ name, kind, ordinals }) => `${name} ${kind} ${ordinals}`)).toEqual([
      'orders root ',
      'order_lines rows ordinal',
      'line_notes rows line_ordinal,ordinal',
      'order_tags values ordinal',
      'order_watchers values ordinal',
      'order_quotes row ',
    ])
    expect(orderMapping.tables[2]?.parent).toEqual({ table: 'orders', column: 'order_id' })
    expect(orderMapping.table.ignoredColumns).toEqual({ origin: 'MongoDB never holds it' })
    expect(orderMapping.table.columns.map(({ name }) => name)).not.toContain('origin')
  })

  it('owns whole top-level paths, but goes below where something is dropped', () => {
    const paths = orderMapping.mappedPaths()
    expect(paths).toContain('amount')
    expect(paths).toContain('delivery.lines')
    for (const path of ['_id', 'delivery', 'delivery.cache', 'oldIndex', 'amount.amount'])
      expect(paths).not.toContain(path)
  })

  it('names its references and uniques', () => {
    expect(orderMapping.references).toEqual([
      expect.objectContaining({
        path: 'requestId',
        column: 'request_id',
        kindColumn: 'request_ref_kind',
        to: 'orders',
        orphan: 'keep',
      }),
    ])
    expect(orderMapping.uniques).toEqual([{ name: 'orders_email_uq', paths: ['email'], outcome: 'extra' }])
  })

  it('has a hash that changes with every declaration', () => {
    const hashes = [
      define({}),
      define({ unmapped: 'quarantine' }),
      define({ dropped: { old: 'gone' } }),
      define({ fields: { name: textCodec(things.name, { maxLength: 3 }) } }),
      define({ fields: { label: textCodec(things.name) } }),
      define({ ignoreColumns: { note: 'ours' } }),
    ].map((mapping) => mapping.schemaHash)
    expect(new Set(hashes).size).toBe(hashes.length)
    expect(define({}).schemaHash).toBe(hashes[0])
  })
})

describe('a contradictory declaration', () => {
  const odd = pgTable('odd', { id: uuid('id').primaryKey(), at: time('at') })
  const half = pgTable('half', { id: uuid('id').primaryKey(), buyerRefKind: text('buyer_ref_kind') })
  it.each<[string, () => unknown, string, RegExp]>([
    [
      'a column used twice',
      () => define({ fields: { a: textCodec(things.name), b: textCodec(things.name) } }),
      'mapping-invalid',
      /used twice/,
    ],
    [
      'a foreign column',
      () => define({ fields: { a: textCodec(orders.email) } }),
      'mapping-invalid',
      /not one of its columns/,
    ],
    [
      'a value with paths under it',
      () => define({ fields: { 'name.x': textCodec(things.note) } }),
      'mapping-invalid',
      /paths under it/,
    ],
    [
      'a path declared twice',
      () => define({ dropped: { name: 'gone' } }),
      'mapping-invalid',
      /declared twice/,
    ],
    [
      'an ignored column that is none',
      () => define({ ignoreColumns: { nope: 'x' } }),
      'mapping-invalid',
      /no column/,
    ],
    ['a type without a codec', () => define({ table: odd }), 'mapping-column-unsupported', /ignoreColumns/],
    [
      'a child without a parent',
      () => define({ children: { parts: rows(parts) } }),
      'mapping-invalid',
      /parent/,
    ],
    ['half a reference', () => define({ table: half }), 'mapping-invalid', /reference\(table, "buyer"/],
    [
      'a reference without columns',
      () => reference(things, 'buyer', { to: () => things, orphan: 'keep' }),
      'mapping-invalid',
      /buyerRefKind/,
    ],
    [
      'one table for two paths',
      () =>
        define({
          children: { a: rows(parts, { parent: parts.thingId }), b: rows(parts, { parent: parts.thingId }) },
        }),
      'mapping-invalid',
      /twice/,
    ],
    [
      'an id map without a place for the id',
      () => define({ identity: 'id-map' }),
      'mapping-invalid',
      /legacyObjectId/,
    ],
  ])('%s is refused with a code and what to do', (_name, declare, code, message) => {
    expect(declare).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }))
  })
})
