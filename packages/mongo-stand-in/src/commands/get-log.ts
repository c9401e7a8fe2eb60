import { Int32 } from 'bson'
import type { Command } from './command.ts'

/** There is no log to show. */
export const getLog: Command = { name: 'getLog', run: () => ({ totalLinesWritten: new Int32(0), log: [] }) }
