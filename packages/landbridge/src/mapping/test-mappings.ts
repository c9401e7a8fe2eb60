/* Tables and mappings that exercise everything at once, for the tests of this folder. */
import {
  bigint,
  boolean,
  customType,
  integer,
  jsonb,
  numeric,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core'
import { integer as integerCodec } from './codecs/integer.ts'
import { json } from './codecs/json.ts'
import { money } from './codecs/money.ts'
import { objectId } from './codecs/object-id.ts'
import { reference } from './codecs/reference.ts'
import { text as textCodec } from './codecs/text.ts'
import { defineMapping } from './define-mapping.ts'
import { type MappingDefinition, row, rows, values } from './definition.ts'

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })
const time = (name: string) => timestamp(name, { withTimezone: true, precision: 3 })
const orderState = pgEnum('order_state', ['open', 'paid', 'closed'])

export const orders = pgTable('orders', {
  id: uuid('id').primaryKey(),
  legacyObjectId: text('legacy_object_id').unique(),
  docVersion: integer('doc_version'),
  extra: jsonb('extra'),
  createdAt: time('created_at'),
  updatedAt: time('updated_at'),
  state: orderState('state'),
  title: varchar('title', { length: 20 }),
  email: text('email'),
  currency: text('currency', { enum: ['USD', 'EUR'] }).notNull(),
  amount: numeric('amount', { precision: 38, scale: 18 }),
  baseUnits: numeric('base_units', { precision: 78, scale: 0 }),
  quantity: integer('quantity'),
  blockNumber: bigint('block_number', { mode: 'bigint' }),
  isOpen: boolean('is_open'),
  buyerId: uuid('buyer_id'),
  parentId: uuid('parent_id'),
  score: integer('score'),
  requestRefKind: text('request_ref_kind', { enum: ['entity', 'template', 'external'] }),
  requestId: uuid('request_id'),
  requestExternalRef: text('request_external_ref'),
  requestRefForm: text('request_ref_form', { enum: ['objectId', 'hex', 'text'] }),
  transactionHash: text('transaction_hash'),
  blockchain: jsonb('blockchain'),
  preferences: jsonb('preferences'),
  chains: integer('chains').array(),
  tokens: text('tokens').array(),
  proof: bytea('proof'),
  origin: text('origin').notNull().default('legacy'),
})

export const orderLines = pgTable(
  'order_lines',
  {
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id),
    ordinal: integer('ordinal').notNull(),
    extra: jsonb('extra'),
    id: uuid('id'),
    sku: text('sku').notNull(),
    price: numeric('price', { precision: 10, scale: 2 }),
    at: time('at'),
  },
  (t) => [primaryKey({ columns: [t.orderId, t.ordinal] })],
)

export const lineNotes = pgTable('line_notes', {
  orderId: uuid('order_id').notNull(),
  lineOrdinal: integer('line_ordinal').notNull(),
  ordinal: integer('ordinal').notNull(),
  extra: jsonb('extra'),
  content: text('content'),
})

export const orderTags = pgTable('order_tags', {
  orderId: uuid('order_id')
    .notNull()
    .references(() => orders.id),
  ordinal: integer('ordinal').notNull(),
  tag: text('tag').notNull(),
})

export const orderWatchers = pgTable('order_watchers', {
  orderId: uuid('order_id')
    .notNull()
    .references(() => orders.id),
  ordinal: integer('ordinal').notNull(),
  extra: jsonb('extra'),
  userId: uuid('user_id'),
})

export const orderQuotes = pgTable('order_quotes', {
  orderId: uuid('order_id')
    .primaryKey()
    .references(() => orders.id),
  extra: jsonb('extra'),
  rate: numeric('rate', { precision: 20, scale: 8 }),
  source: text('source'),
})

const order: MappingDefinition = {
  unit: 'order',
  collection: 'orders',
  table: orders,
  fields: {
    'amount.amount': money(orders.amount, { min: '0' }),
    'amount.currency': textCodec(orders.currency),
    quantity: integerCodec(orders.quantity, { min: 1 }),
    parentId: objectId(orders.parentId, { empty: 'null' }),
    'quality.score': integerCodec(orders.score, { empty: 'null' }),
    requestId: reference(orders, 'request', { to: () => orders, orphan: 'keep' }),
    'blockchain.transactionHash': textCodec(orders.transactionHash),
    preferences: json(orders.preferences, { types: { 'seen.*': 'date', by: 'objectId' } }),
  },
  children: {
    'delivery.lines': rows(orderLines, {
      children: { notes: rows(lineNotes, { parent: lineNotes.orderId, within: [lineNotes.lineOrdinal] }) },
      dropped: { scratch: 'never read' },
    }),
    tags: values(orderTags, { value: orderTags.tag }),
    watchers: values(orderWatchers, { value: orderWatchers.userId }),
    quote: row(orderQuotes),
  },
  dropped: { 'delivery.cache': 'recomputed', oldIndex: 'gone' },
  derived: {
    tagCount: (document) => (Array.isArray(document.tags) ? `${document.tags.length} tags` : undefined),
  },
  ignoreColumns: { origin: 'MongoDB never holds it' },
  uniques: { orders_email_uq: { paths: ['email'], outcome: 'extra' } },
}

export const orderMapping = defineMapping(order)

/** The same without derived paths, so that raw documents can be walked. */
export const walkedMapping = defineMapping({ ...order, derived: {} })

export const counters = pgTable('counters', {
  id: uuid('id').primaryKey(),
  legacyObjectId: text('legacy_object_id').notNull().unique(),
  extra: jsonb('extra'),
  seq: bigint('seq', { mode: 'bigint' }),
})

export const counterMapping = defineMapping({
  unit: 'order',
  collection: 'counters',
  table: counters,
  identity: 'id-map',
})

/** A growing child with derived paths that say what they read. */
export const talks = pgTable('talks', {
  id: uuid('id').primaryKey(),
  extra: jsonb('extra'),
  title: text('title'),
})

export const talkMessages = pgTable(
  'talk_messages',
  {
    talkId: uuid('talk_id')
      .notNull()
      .references(() => talks.id),
    id: uuid('id').notNull(),
    seq: integer('seq').notNull(),
    body: text('body'),
    extra: jsonb('extra'),
  },
  (t) => [primaryKey({ columns: [t.talkId, t.id] })],
)

export const talkReads = pgTable('talk_reads', {
  talkId: uuid('talk_id').notNull(),
  messageId: uuid('message_id').notNull(),
  ordinal: integer('ordinal').notNull(),
  userId: uuid('user_id'),
  extra: jsonb('extra'),
})

export const talkMapping = defineMapping({
  unit: 'order',
  collection: 'talks',
  table: talks,
  children: {
    messages: rows(talkMessages, {
      growing: { seq: talkMessages.seq },
      children: { readBy: rows(talkReads, { parent: talkReads.talkId, within: [talkReads.messageId] }) },
    }),
  },
  derived: {
    lastBody: {
      reads: ['messages.body'],
      compute: ({ messages }) => {
        const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined
        const body = (last as { body?: unknown } | null | undefined)?.body
        return typeof body === 'string' ? body : undefined
      },
      fromRows: async () => undefined,
    },
  },
})
