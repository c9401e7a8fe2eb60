import { assertNoView } from '../views/view-definition.ts'
import { sizes } from './collection-stats.ts'
import type { Command } from './command.ts'
import { targetNamespace } from './context.ts'

/** Numbers of a collection. */
export const collStats: Command = {
  name: 'collStats',
  fields: ['scale'],
  aliases: ['collstats'],
  run: (context) => {
    const ns = targetNamespace(context, Object.keys(context.command)[0])
    const collection = context.server.store.catalog.get(ns)
    assertNoView(collection)
    return { ns, ...sizes(collection) }
  },
}
