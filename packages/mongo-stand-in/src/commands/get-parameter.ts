import { type Document, Int32 } from 'bson'
import { serverError } from '../server-error.ts'
import type { Command } from './command.ts'

/** Tells the parameters that tools ask for. */
export const getParameter: Command = {
  name: 'getParameter',
  adminOnly: true,
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
    if (!all && asked.length === 0) throw serverError(72, 'InvalidOptions', 'no option found to get')
    return Object.fromEntries(Object.entries(known).filter(([name]) => all || asked.includes(name)))
  },
}
