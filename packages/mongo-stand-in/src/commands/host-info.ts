import { hostname } from 'node:os'
import { Int32 } from 'bson'
import type { Command } from './command.ts'

/** Tells where the process runs. */
export const hostInfo: Command = {
  name: 'hostInfo',
  run: () => ({
    system: { currentTime: new Date(), hostname: hostname(), cpuAddrSize: new Int32(64) },
    os: { type: process.platform },
    extra: {},
  }),
}
