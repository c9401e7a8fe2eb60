import type { Command } from './command.ts'

/** Answers. */
export const ping: Command = { name: 'ping', run: () => ({}) }
