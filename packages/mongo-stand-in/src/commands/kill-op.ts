import type { Command } from './command.ts'

/** Ends what an operation waits for. */
export const killOp: Command = {
  name: 'killOp',
  adminOnly: true,
  fields: ['op'],
  run: ({ server, command }) => {
    server.operations.kill(Number(command.op))
    return { info: 'attempting to kill op' }
  },
}
