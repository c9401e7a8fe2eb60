import type { Command } from './command.ts'
import { lockExclusively } from './context.ts'

export const dropDatabase: Command = {
  name: 'dropDatabase',
  async run(context) {
    const { server, db } = context
    const { catalog, changeCatalog } = server.store
    const namespaces = [...catalog.keys()].filter((ns) => ns.startsWith(`${db}.`)).sort()
    for (const ns of namespaces) await lockExclusively(context, ns)
    const found = namespaces.filter((ns) => catalog.has(ns))
    for (const ns of found) changeCatalog('drop', ns, {})
    if (found.length > 0) changeCatalog('dropDatabase', db, {})
    return { dropped: db }
  },
}
