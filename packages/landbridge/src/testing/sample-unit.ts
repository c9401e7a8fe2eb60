import { integer, jsonb, numeric, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { UnitConfig } from '../config.ts'
import { defineMapping } from '../mapping/define-mapping.ts'
import { rows } from '../mapping/definition.ts'

/*
 * A unit for the engine's own tests: `things` (a child table, a unique name, money) and `notes` (plain, with a
 * reference to a thing).
 */

const thingsTable = pgTable('things', {
  id: uuid('id').primaryKey(),
  legacyObjectId: text('legacy_object_id').notNull(),
  name: text('name').unique('things_name_key'),
  price: numeric('price', { precision: 38, scale: 18 }),
  status: text('status', { enum: ['new', 'used'] }),
  origin: text('origin').notNull().default('postgres'),
  docVersion: integer('doc_version'),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }),
  extra: jsonb('extra'),
})

const thingPartsTable = pgTable(
  'thing_parts',
  {
    thingId: uuid('thing_id').notNull(),
    ordinal: integer('ordinal').notNull(),
    label: text('label'),
    quantity: integer('quantity'),
    extra: jsonb('extra'),
  },
  (table) => [primaryKey({ columns: [table.thingId, table.ordinal] })],
)

const notesTable = pgTable('notes', {
  id: uuid('id').primaryKey(),
  legacyObjectId: text('legacy_object_id').notNull(),
  thing: uuid('thing_id'),
  body: text('body').notNull(),
  extra: jsonb('extra'),
})

/** What an application's migrations would have created. */
export const sampleTables = `
  create table things (
    id uuid primary key,
    legacy_object_id text not null unique,
    name text constraint things_name_key unique,
    price numeric(38, 18) check (price < 1000000),
    status text,
    origin text not null default 'postgres',
    doc_version int,
    created_at timestamptz(3),
    extra jsonb
  );
  create table thing_parts (
    thing_id uuid not null references things (id) on delete cascade,
    ordinal int not null,
    label text,
    quantity int,
    extra jsonb,
    primary key (thing_id, ordinal)
  );
  create table notes (
    id uuid primary key,
    legacy_object_id text not null unique,
    thing_id uuid references things (id),
    body text not null,
    extra jsonb
  );
`

export const thingsMapping = defineMapping({
  unit: 'sample',
  collection: 'things',
  table: thingsTable,
  children: { parts: rows(thingPartsTable, { parent: thingPartsTable.thingId }) },
  dropped: { secret: 'dies with MongoDB' },
  ignoreColumns: { origin: 'only Postgres knows it' },
  uniques: { things_name_key: { paths: ['name'], outcome: 'extra' } },
})

export const notesMapping = defineMapping({
  unit: 'sample',
  collection: 'notes',
  table: notesTable,
})

export const sampleUnit: UnitConfig = {
  name: 'sample',
  kind: 'content',
  mappings: [thingsMapping, notesMapping],
}
