import { Int32 } from 'bson'
import { VERSION } from '../version.ts'
import type { Command } from './command.ts'

const VERSION_ARRAY = [8, 0, 0, 0].map((part) => new Int32(part))

/** Tells the version that is copied. */
export const buildInfo: Command = {
  name: 'buildInfo',
  aliases: ['buildinfo'],
  run: () => ({
    version: VERSION,
    gitVersion: 'stand-in',
    versionArray: VERSION_ARRAY,
    modules: [],
    bits: new Int32(64),
    maxBsonObjectSize: new Int32(16 * 1024 * 1024),
    storageEngines: ['stand-in'],
  }),
}
