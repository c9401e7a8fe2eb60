import { serverError } from '../server-error.ts'
import type { Command } from './command.ts'
import { lockExclusively } from './context.ts'
import { dropDetail } from './drop.ts'

export const dropDatabase: Command = {
  name: 'dropDatabase',
  fields: [],
  async run(context) {
    const { server, db } = context
    if (db === 'admin' || db === 'config' || db === 'local')
      throw serverError(20, 'IllegalOperation', `Dropping the '${db}' database is prohibited.`)
    const { catalog, changeCatalog } = server.store
    const namespaces = [...catalog.keys()].filter((ns) => ns.startsWith(`${db}.`)).sort()
    for (const ns of namespaces) await lockExclusively(context, ns)
    let dropped = false
    for (const ns of namespaces) {
      const entry = catalog.get(ns)
      if (entry === undefined) continue
      changeCatalog('drop', ns, dropDetail(entry))
      dropped = true
    }
    if (dropped) changeCatalog('dropDatabase', db, {})
    return { dropped: db }
  },
}
