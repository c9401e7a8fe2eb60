import { Int32 } from 'bson'
import type { Command } from './command.ts'
import { lockExclusively, targetNamespace } from './context.ts'

export const drop: Command = {
  name: 'drop',
  async run(context) {
    const { server } = context
    const ns = targetNamespace(context)
    await lockExclusively(context, ns)
    const collection = server.store.catalog.get(ns)
    // Since MongoDB 7.0 dropping what is not there is no error.
    if (collection === undefined) return {}
    server.store.changeCatalog('drop', ns, {})
    server.cursors.killWhere((cursor) => cursor.ns === ns && !cursor.source.isChangeStream)
    return { nIndexesWas: new Int32(collection.indexes.size + 1), ns }
  },
}
