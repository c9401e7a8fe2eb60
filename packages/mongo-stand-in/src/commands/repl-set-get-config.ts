import { Int32 } from 'bson'
import type { Command } from './command.ts'

/** One member. */
export const replSetGetConfig: Command = {
  name: 'replSetGetConfig',
  adminOnly: true,
  run: ({ server }) => ({
    config: {
      _id: server.replicaSet,
      version: new Int32(1),
      members: [{ _id: new Int32(0), host: server.address }],
      settings: { defaultWriteConcern: {} },
    },
  }),
}
