import { Double, Long } from 'bson'
import { compileQuery } from '../query/compile-query.ts'
import { splitNamespace } from '../storage/catalog.ts'
import type { Command } from './command.ts'
import { booleanField, documentField } from './fields.ts'

export const listDatabases: Command = {
  name: 'listDatabases',
  adminOnly: true,
  fields: ['filter', 'nameOnly', 'authorizedDatabases'],
  run({ command, server }) {
    const bytes = new Map<string, number>()
    for (const collection of server.store.catalog.values()) {
      const { db } = splitNamespace(collection.ns)
      bytes.set(db, (bytes.get(db) ?? 0) + collection.bytes)
    }
    const filter = compileQuery(documentField(command, 'filter') ?? {})
    const databases = [...bytes]
      .map(([name, size]) => ({ name, sizeOnDisk: Long.fromNumber(size), empty: false }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .filter((database) => filter.test(database))
    if (booleanField(command, 'nameOnly') === true)
      return { databases: databases.map(({ name }) => ({ name })) }
    const totalSize = databases.reduce((sum, { sizeOnDisk }) => sum + sizeOnDisk.toNumber(), 0)
    return {
      databases,
      totalSize: new Double(totalSize),
      totalSizeMb: Long.fromNumber(Math.floor(totalSize / 1048576)),
    }
  },
}
