import { Double, Long } from 'bson'
import { splitNamespace } from '../storage/catalog.ts'
import { viewOf } from '../views/view-definition.ts'
import type { Command } from './command.ts'

/** Numbers of a database. */
export const dbStats: Command = {
  name: 'dbStats',
  fields: ['scale', 'freeStorage'],
  aliases: ['dbstats'],
  run: ({ server, db }) => {
    const all = [...server.store.catalog.values()].filter(({ ns }) => splitNamespace(ns).db === db)
    const own = all.filter((entry) => viewOf(entry) === undefined)
    const sum = (of: (collection: (typeof own)[number]) => number) =>
      own.reduce((total, each) => total + of(each), 0)
    return {
      db,
      collections: Long.fromNumber(own.length),
      views: Long.fromNumber(all.length - own.length),
      objects: Long.fromNumber(sum(({ count }) => count)),
      dataSize: new Double(sum(({ bytes }) => bytes)),
      storageSize: new Double(sum(({ bytes }) => bytes)),
      indexes: Long.fromNumber(sum(({ indexes }) => indexes.size + 1)),
      scaleFactor: Long.ONE,
    }
  },
}
