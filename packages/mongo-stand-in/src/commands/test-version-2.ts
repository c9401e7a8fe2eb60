import type { Command } from './command.ts'

/** A command of no version of the API: clients try with it what `apiStrict` refuses. */
export const testVersion2: Command = { name: 'testVersion2', run: () => ({}) }
