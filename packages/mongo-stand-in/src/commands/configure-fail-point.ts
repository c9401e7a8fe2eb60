import { isDocument } from '../bson/value-type.ts'
import type { Command } from './command.ts'

/** Switches a fault on or off. */
export const configureFailPoint: Command = {
  name: 'configureFailPoint',
  adminOnly: true,
  run: ({ server, command }) => {
    const { configureFailPoint: name, mode, data } = command
    server.failPoints.configure(String(name), mode, isDocument(data) ? data : {})
    return {}
  },
}
