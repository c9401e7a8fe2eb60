/* The kinds of mapping that there are, one of each: what a mapping is made of decides what may go wrong in it. */
import {
  bigint,
  boolean,
  customType,
  integer,
  jsonb,
  numeric,
  pgTable,
  smallint,
  text,
  timestamp,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core'
import { threadsMapping } from '../../testing/growing-unit.ts'
import { integer as integerCodec } from '../codecs/integer.ts'
import { json } from '../codecs/json.ts'
import { money } from '../codecs/money.ts'
import { reference } from '../codecs/reference.ts'
import { text as textCodec } from '../codecs/text.ts'
import { defineMapping } from '../define-mapping.ts'
import { counterMapping, orderMapping, walkedMapping } from '../test-mappings.ts'
import type { Mapping } from '../types.ts'

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })
const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })
const key = () => ({
  id: uuid('id').primaryKey(),
  legacyObjectId: text('legacy_object_id').notNull().unique(),
  extra: jsonb('extra'),
})

const plainTable = pgTable('fuzz_plain', {
  ...key(),
  name: text('name'),
  code: varchar('code', { length: 12 }),
  kind: text('kind', { enum: ['one', 'two'] }),
  count: integer('count'),
  small: smallint('small'),
  large: bigint('large', { mode: 'bigint' }),
  isOpen: boolean('is_open'),
  rate: numeric('rate', { precision: 12, scale: 4 }),
  ownerId: uuid('owner_id'),
  proof: bytea('proof'),
  words: text('words').array(),
  numbers: bigint('numbers', { mode: 'bigint' }).array(),
  createdAt: time('created_at'),
  day: timestamp('day', { withTimezone: true, precision: 0 }),
})

const moneyTable = pgTable('fuzz_money', {
  ...key(),
  amount: numeric('amount', { precision: 38, scale: 18 }).notNull(),
  currency: text('currency', { enum: ['USD', 'EUR', 'USDT'] }).notNull(),
  fee: numeric('fee', { precision: 38, scale: 18 }),
  baseUnits: numeric('base_units', { precision: 78, scale: 0 }),
  cents: bigint('cents', { mode: 'bigint' }),
})

const referenceTable = pgTable('fuzz_ref3', {
  ...key(),
  buyerRefKind: text('buyer_ref_kind', { enum: ['entity', 'template', 'external'] }),
  buyerId: uuid('buyer_id'),
  buyerExternalRef: text('buyer_external_ref'),
  buyerRefForm: text('buyer_ref_form', { enum: ['objectId', 'hex', 'text'] }),
  sellerRefKind: text('seller_ref_kind', { enum: ['entity', 'template', 'external'] }).notNull(),
  sellerId: uuid('seller_id'),
  sellerExternalRef: text('seller_external_ref'),
  sellerRefForm: text('seller_ref_form', { enum: ['objectId', 'hex', 'text'] }).notNull(),
})

const restTable = pgTable('fuzz_rest', {
  ...key(),
  hash: text('hash'),
  confirmations: integer('confirmations'),
  chain: jsonb('chain'),
  label: text('label'),
  settings: jsonb('settings').notNull(),
  free: jsonb('free'),
})

const entryTable = pgTable('fuzz_entry', {
  ...key(),
  account: text('account').notNull(),
  amount: numeric('amount', { precision: 38, scale: 18 }).notNull(),
  balance: numeric('balance', { precision: 38, scale: 18 }),
  at: time('at').notNull(),
  meta: jsonb('meta'),
})

const unit = 'fuzz'

export const families = {
  plain: defineMapping({ unit, collection: 'fuzz_plain', table: plainTable }),
  children: walkedMapping,
  derived: orderMapping,
  growing: threadsMapping,
  'id-map': counterMapping,
  ref3: defineMapping({
    unit,
    collection: 'fuzz_ref3',
    table: referenceTable,
    fields: {
      buyer: reference(referenceTable, 'buyer', { to: () => plainTable, orphan: 'keep' }),
      seller: reference(referenceTable, 'seller', { to: () => plainTable, orphan: 'quarantine' }),
    },
  }),
  'json-rest': defineMapping({
    unit,
    collection: 'fuzz_rest',
    table: restTable,
    fields: {
      'chain.hash': textCodec(restTable.hash),
      'chain.depth.confirmations': integerCodec(restTable.confirmations),
      chain: json(restTable.chain, { types: { at: 'date', 'by.*': 'objectId', fee: 'decimal128' } }),
      'settings.label': textCodec(restTable.label),
      settings: json(restTable.settings),
    },
  }),
  'append-only': defineMapping({ unit, collection: 'fuzz_entry', table: entryTable, appendOnly: true }),
  money: defineMapping({
    unit,
    collection: 'fuzz_money',
    table: moneyTable,
    fields: { amount: money(moneyTable.amount, { min: '0' }), fee: money(moneyTable.fee) },
  }),
} satisfies Record<string, Mapping>

export type FamilyName = keyof typeof families
