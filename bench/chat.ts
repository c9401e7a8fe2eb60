import { ObjectId } from 'mongodb'
import { chats } from '../apps/escrow/src/domains/chat/legacy/mapping.ts'
import { parseId } from '../apps/escrow/src/platform/ids.ts'
import { postgresUnits } from '../apps/escrow/src/postgres-units.ts'
import { uuidFromObjectId } from '../packages/landbridge/src/identity/object-id-uuid.ts'
import { changesOfIds } from '../packages/landbridge/src/mirror/growing-changes.ts'
import { mirrorWays } from '../packages/landbridge/src/mirror/mirror-ways.ts'
import { mirrorToMongo } from '../packages/landbridge/src/mirror/to-mongo.ts'
import { mirrorToPostgres } from '../packages/landbridge/src/mirror/to-postgres.ts'
import { idKey } from '../packages/landbridge/src/source/id-key.ts'
import type { Benchmark, BenchResult } from './benchmark.ts'
import { type BenchChat, type ChatWorld, chatWorld } from './chat-world.ts'
import { medianMs } from './median.ts'

const PAGE = 50
const [SHORT, LONG] = [10, 10_000]
const [FEW, MANY] = [100, 100_000]
const PAGE_ROUNDS = 200
const MIRROR_ROUNDS = 30
const WHOLE_ROUNDS = 8

/**
 * Chats as they grow, each pair measured in turns; a ratio is the median in the long chat over that in the short one.
 *
 * - `page`: the last page of 50 messages out of 100,000 and out of 100, by the repository of the final program.
 * - `mirrorMessage`: one more message into a chat of 10,000 and of 10, mirrored by what changed; the worse direction.
 * - `wholeDocument`: the same by the whole document.
 * - `jsonbPage`, `jsonbMessage`: the same page and message if a chat were one row with its messages in one JSONB.
 */
export const chatBenchmark: Benchmark = {
  name: 'chat',
  summary: 'pages and mirrored messages of long chats, over short ones',
  async run(tell) {
    await using world = await chatWorld()
    await world.setPhase('postgres')
    tell(`pages of chats with ${FEW} and ${MANY} messages`)
    const [page, jsonbPage] = await measurePages(world)
    tell(`messages from Postgres into chats of ${SHORT} and ${LONG}`)
    const pair = { short: await world.newChat(SHORT), long: await world.newChat(LONG) }
    for (const { id } of [pair.short, pair.long]) await mirrorToMongo(world.engine, chats, id)
    const jsonbMessage = await measureJsonbMessage(world, pair)
    const toMongo = await inTurns(MIRROR_ROUNDS, pair, (chat) => messageToMongo(world, chat, 'relay'))
    const wholeToMongo = await inTurns(WHOLE_ROUNDS, pair, (chat) => messageToMongo(world, chat, 'repair'))
    tell(`messages from MongoDB into chats of ${SHORT} and ${LONG}`)
    await world.setPhase('mirror')
    const toPostgres = await inTurns(MIRROR_ROUNDS, pair, (chat) => messageToPostgres(world, chat, true))
    const wholeToPostgres = await inTurns(WHOLE_ROUNDS, pair, (chat) => messageToPostgres(world, chat, false))
    return resultOf({
      page,
      jsonbPage,
      jsonbMessage,
      toMongo,
      toPostgres,
      wholeToMongo,
      wholeToPostgres,
    })
  },
}

type Figure =
  | 'page'
  | 'jsonbPage'
  | 'jsonbMessage'
  | 'toMongo'
  | 'toPostgres'
  | 'wholeToMongo'
  | 'wholeToPostgres'

interface Times {
  short: number
  long: number
}

function resultOf(times: Record<Figure, Times>): BenchResult {
  const figures = Object.entries(times).flatMap(([name, { short, long }]) => [
    [`${name}ShortMs`, rounded(short)] as const,
    [`${name}LongMs`, rounded(long)] as const,
  ])
  const ratio = ({ short, long }: Times) => rounded(long / short)
  return {
    figures: Object.fromEntries(figures),
    ratios: {
      page: ratio(times.page),
      mirrorMessage: Math.max(ratio(times.toMongo), ratio(times.toPostgres)),
      mirrorToMongo: ratio(times.toMongo),
      mirrorToPostgres: ratio(times.toPostgres),
      wholeDocument: Math.max(ratio(times.wholeToMongo), ratio(times.wholeToPostgres)),
      jsonbPage: ratio(times.jsonbPage),
      jsonbMessage: ratio(times.jsonbMessage),
    },
  }
}

async function measurePages(world: ChatWorld): Promise<[Times, Times]> {
  const { pool } = world.engine
  const pair = { short: await world.newChat(FEW), long: await world.newChat(MANY) }
  await asJsonb(world, Object.values(pair))
  await pool.query('vacuum analyze')
  const { messages } = postgresUnits(pool).chat.read
  const page = await inTurns(PAGE_ROUNDS, pair, async ({ id }) =>
    timed(async () => {
      const found = await messages.page(parseId(id), { limit: PAGE })
      if (found.messages.length !== PAGE) throw new Error(`a page of ${found.messages.length} messages`)
    }),
  )
  const jsonb = await inTurns(WHOLE_ROUNDS, pair, async ({ id }) =>
    timed(() =>
      pool.query(
        `select element from bench_chats, jsonb_array_elements(messages) with ordinality each (element, n)
         where id = $1 order by n desc limit ${PAGE}`,
        [id],
      ),
    ),
  )
  return [page, jsonb]
}

async function measureJsonbMessage(
  world: ChatWorld,
  pair: { short: BenchChat; long: BenchChat },
): Promise<Times> {
  await asJsonb(world, Object.values(pair))
  return inTurns(MIRROR_ROUNDS, pair, async ({ id }) =>
    timed(() =>
      world.engine.pool.query(
        `update bench_chats set messages = messages || jsonb_build_object('content', 'one more') where id = $1`,
        [id],
      ),
    ),
  )
}

async function asJsonb({ engine }: ChatWorld, wanted: readonly BenchChat[]): Promise<void> {
  await engine.pool.query('create table if not exists bench_chats (id uuid primary key, messages jsonb)')
  await engine.pool.query(
    `insert into bench_chats select chat_id, jsonb_agg(to_jsonb(m) order by seq) from chat_messages m
     where chat_id = any($1::uuid[]) group by chat_id`,
    [wanted.map((chat) => chat.id)],
  )
}

async function messageToMongo(
  { engine }: ChatWorld,
  { id, sender }: BenchChat,
  mode: 'relay' | 'repair',
): Promise<number> {
  await engine.pool.query(
    `insert into chat_messages (chat_id, id, seq, sender_id, content, type, sent_at, is_edited, is_deleted)
     select $1, $2, max(seq) + 1, $3, 'one more', 'text', now(), false, false from chat_messages where chat_id = $1`,
    [id, uuidFromObjectId(String(new ObjectId())), uuidFromObjectId(String(sender))],
  )
  return byWay(mode === 'relay', mirrorWays(engine).toMongo, () => mirrorToMongo(engine, chats, id, { mode }))
}

async function messageToPostgres({ engine }: ChatWorld, chat: BenchChat, inParts: boolean): Promise<number> {
  const message = new ObjectId()
  await engine.database.collection('chats').updateOne({ _id: chat._id }, {
    $push: { messages: { _id: message, senderId: chat.sender, content: 'one more', type: 'text' } },
  } as never)
  const changes = inParts
    ? new Map([[idKey(chat._id), changesOfIds({ messages: [message] })]])
    : new Map<string, never>()
  return byWay(inParts, mirrorWays(engine).toPostgres, () =>
    mirrorToPostgres(engine, chats, [chat._id], { reason: 'capture', changes }),
  )
}

/** The time of a mirror that must have gone the way that is measured. */
async function byWay(
  inParts: boolean,
  ways: { partial: number },
  mirror: () => Promise<unknown>,
): Promise<number> {
  const before = ways.partial
  const ms = await timed(mirror)
  if (ways.partial - before !== (inParts ? 1 : 0)) throw new Error('the mirror went another way')
  return ms
}

/** Medians of the same work in both chats, done in turns, so that noise hits both. */
async function inTurns(
  rounds: number,
  pair: { short: BenchChat; long: BenchChat },
  work: (chat: BenchChat) => Promise<number>,
): Promise<Times> {
  const times = { short: [] as number[], long: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    times.short.push(await work(pair.short))
    times.long.push(await work(pair.long))
  }
  return { short: medianMs(times.short), long: medianMs(times.long) }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
