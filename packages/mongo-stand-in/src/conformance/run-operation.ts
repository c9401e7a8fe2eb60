import type { AnyBulkWriteOperation, ClientSession, Db, Document } from 'mongodb'
import type { Operation } from './operation.ts'
import { nextEvents, openStream, type WatchedStream } from './watched-stream.ts'

/** What an operation gave. How it is compared depends on what it is. */
export type Outcome =
  | { readonly kind: 'documents'; readonly documents: readonly Document[] }
  /** Compared whole. */
  | { readonly kind: 'value'; readonly value: unknown }
  /** Compared in the fields that the case names. */
  | { readonly kind: 'reply'; readonly reply: Document }

export interface World {
  readonly db: Db
  /** Begins the session of that name when there is none. */
  session(name: string): ClientSession
  readonly streams: Map<string, WatchedStream>
}

/** Values come with their BSON types, so that an Int32 is not taken for a Double. */
const typed = { promoteValues: false, promoteLongs: false, promoteBuffers: false, bsonRegExp: true }

/** Does the operation through the driver's own methods. */
export async function runOperation(
  world: World,
  operation: Operation,
  session?: ClientSession,
): Promise<Outcome> {
  const { collection = 'things', ...rest } = operation
  const { verb, argument, change, options } = parts(rest)
  const things = world.db.collection(collection)
  const inSession = session === undefined ? options : { ...options, session }
  switch (verb) {
    case 'find':
      return documents(await things.find(argument, { ...inSession, ...typed }).toArray())
    case 'aggregate':
      return documents(await things.aggregate(list(argument), { ...inSession, ...typed }).toArray())
    case 'count':
      return value(await things.countDocuments(argument, inSession))
    case 'distinct': {
      const { filter = {}, ...more } = inSession
      return value(await things.distinct(String(argument), filter, { ...more, ...typed }))
    }
    case 'findOneAndUpdate':
      return value(await things.findOneAndUpdate(argument, change, { ...inSession, ...typed }))
    case 'findOneAndReplace':
      return value(await things.findOneAndReplace(argument, change, { ...inSession, ...typed }))
    case 'findOneAndDelete':
      return value(await things.findOneAndDelete(argument, { ...inSession, ...typed }))
    case 'watch':
      world.streams.set(String(argument), await openStream(world.db, collection, world.streams, inSession))
      return reply({})
    case 'events': {
      const watched = world.streams.get(String(argument))
      if (watched === undefined)
        throw new Error(`A case reads the stream ${String(argument)} that it did not open`)
      return documents(await nextEvents(watched, Number(options.count)))
    }
    case 'listIndexes':
      return documents(
        await world.db
          .collection(String(argument))
          .listIndexes({ ...inSession, ...typed })
          .toArray(),
      )
    case 'listCollections':
      return documents(
        (await world.db.listCollections(argument, { ...inSession, ...typed }).toArray()).map(withoutUuid),
      )
    case 'rename':
      await things.rename(String(argument), inSession)
      return reply({})
    case 'command':
      return reply(await world.db.command(argument, { ...inSession, ...typed }))
    case 'createIndex': {
      const { options: more, ...others } = inSession
      return value(await things.createIndex(argument, { ...more, ...others }))
    }
    default:
      return runWrite(world, collection, verb, argument, change, inSession)
  }
}

async function runWrite(
  world: World,
  collection: string,
  verb: string,
  argument: Document,
  change: Document,
  options: Document,
): Promise<Outcome> {
  const things = world.db.collection(collection)
  switch (verb) {
    case 'insert':
      return reply(await things.insertMany(list(argument), options))
    case 'updateOne':
      return reply(await things.updateOne(argument, change, options))
    case 'updateMany':
      return reply(await things.updateMany(argument, change, options))
    case 'replaceOne':
      return reply(await things.replaceOne(argument, change, options))
    case 'deleteOne':
      return reply(await things.deleteOne(argument, options))
    case 'deleteMany':
      return reply(await things.deleteMany(argument, options))
    case 'bulkWrite':
      return reply(await things.bulkWrite(list(argument) as AnyBulkWriteOperation[], options))
    case 'startTransaction':
      world.session(String(argument)).startTransaction(options.options)
      return reply({})
    case 'commitTransaction':
      await world.session(String(argument)).commitTransaction()
      return reply({})
    case 'abortTransaction':
      await world.session(String(argument)).abortTransaction()
      return reply({})
    default:
      throw new Error(`A case uses the unknown verb ${verb}`)
  }
}

function withoutUuid(collection: Document): Document {
  const { uuid: _changing, ...info } = collection.info ?? {}
  return collection.info === undefined ? collection : { ...collection, info }
}

/** The first field of an operation is its verb; `with` is the change, the rest are the method's options. */
function parts(operation: Document) {
  const [[verb, argument] = ['nothing', {}], ...others] = Object.entries(operation)
  const { with: change, in: _session, gives: _expected, ...options }: Document = Object.fromEntries(others)
  return { verb, argument, change: change as Document, options }
}

function list(argument: Document): Document[] {
  if (!Array.isArray(argument)) throw new Error('A case gives one document where a list is needed')
  // The driver gives documents without _id one, in place; the table stays as it is.
  return argument.map((item: Document) => ({ ...item }))
}

const documents = (found: Document[]): Outcome => ({ kind: 'documents', documents: found })
const value = (given: unknown): Outcome => ({ kind: 'value', value: given })
const reply = (given: object): Outcome => ({ kind: 'reply', reply: given })
