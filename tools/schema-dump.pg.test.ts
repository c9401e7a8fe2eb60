import { readFileSync } from 'node:fs'
import { type FreshDatabase, freshDatabase } from 'test-world/postgres'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeSchema } from './schema-dump/describe-schema.ts'
import { absolute, dumpedSchemas, dumpSchema } from './schema-dump/dumped-schemas.ts'

describe('the dumped schemas', () => {
  it.each(dumpedSchemas())('$file says what the migrations make', async (dumped) => {
    await using database = await freshDatabase()
    const now = await dumpSchema(database.pool, dumped)
    expect(
      readFileSync(absolute(dumped.file), 'utf8'),
      `${dumped.file} is not what the migrations make: run \`npm run db:dump\` and commit it`,
    ).toBe(now)
  })
})

describe('the text of a schema', () => {
  let things: FreshDatabase
  beforeAll(async () => {
    things = await freshDatabase()
    await things.pool.query(`
      create type mood as enum ('good');
      create domain short as text;
      create table things (id int primary key, name text, amount numeric(10, 2), parent int, mood mood, short short);
      create function refuse() returns trigger language plpgsql as 'begin return null; end';
      create trigger known before delete on things for each row execute function refuse()`)
  })
  afterAll(() => things[Symbol.asyncDispose]())

  /** Each statement changes what a row may be or what happens when it is written, so the text must change. */
  it.each([
    'alter table things add column note text',
    "alter table things alter column name set default 'x'",
    'alter table things alter column name set not null',
    'alter table things alter column amount type numeric(38, 18)',
    'alter table things alter column id add generated always as identity',
    'alter table things add unique (name)',
    'alter table things add check (amount > 0)',
    'alter table things add foreign key (parent) references things (id)',
    'create unique index on things (lower(name)) where name is not null',
    'create trigger guard before insert on things for each row execute function refuse()',
    'alter table things disable trigger known',
    'alter table things enable always trigger known',
    "create or replace function refuse() returns trigger language plpgsql as 'begin return old; end'",
    "alter type mood add value 'bad'",
    'alter domain short add check (length(value) < 5)',
    'create sequence numbers',
    'create view names as select name from things',
    "comment on column things.name is 'what people say'",
    'alter table things alter column name type text collate "C"',
  ])('tells %s', async (change) => {
    const client = await things.pool.connect()
    try {
      await client.query('begin')
      const before = await describeSchema(client, 'public')
      expect(await describeSchema(client, 'public')).toBe(before)
      await client.query(change)
      expect(await describeSchema(client, 'public')).not.toBe(before)
    } finally {
      await client.query('rollback')
      client.release()
    }
  })
})
