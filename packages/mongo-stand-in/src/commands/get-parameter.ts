import { type Document, Int32 } from 'bson'
import type { Command } from './command.ts'

/** Tells the parameters that tools ask for. */
export const getParameter: Command = {
  name: 'getParameter',
  run: ({ command }) => {
    const known: Document = {
      featureCompatibilityVersion: { version: '8.0' },
      transactionLifetimeLimitSeconds: new Int32(60),
      authenticationMechanisms: [],
      requireApiVersion: false,
      enableTestCommands: true,
    }
    const asked = Object.keys(command).filter((name) => name in known)
    const all = command.getParameter === '*'
    return Object.fromEntries(Object.entries(known).filter(([name]) => all || asked.includes(name)))
  },
}
