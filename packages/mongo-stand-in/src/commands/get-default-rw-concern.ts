import { Int32 } from 'bson'
import type { Command } from './command.ts'

/** What counts when a client names no concern. */
export const getDefaultRWConcern: Command = {
  name: 'getDefaultRWConcern',
  adminOnly: true,
  fields: ['inMemory'],
  run: () => ({
    defaultReadConcern: { level: 'local' },
    defaultWriteConcern: { w: 'majority', wtimeout: new Int32(0) },
  }),
}
