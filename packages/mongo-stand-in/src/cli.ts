#!/usr/bin/env -S node --max-semi-space-size=8 --heap-growing-percent=20
// The flags trade some speed for memory. Nearly everything that this server makes either dies with its command or stays:
// V8 would let the space for young objects grow to more than what 200,000 documents take, and the garbage among the
// old ones to as much.
import { Command, InvalidArgumentError } from 'commander'
import {
  DamagedFileError,
  DataFolderLockedError,
  DataFormatError,
  PortInUseError,
  startStandIn,
} from './index.ts'

interface CliOptions {
  port: number
  replicaSet: string
  data?: string
  fsync?: boolean
  oplogSize: number
  segmentSize: number
  compactAfter: number
  ttlInterval: number
  majorityLag: number
}

const program = new Command('mongo-stand-in')
  .description('A small server that speaks the MongoDB protocol, for tests and demos. Never for production.')
  .option('--port <number>', 'port on 127.0.0.1; 0 picks a free one', wholeNumber, 27999)
  .option('--replica-set <name>', 'name of the replica set', 'rs0')
  .option('--data <folder>', 'where the data stay; without it they end with the process')
  .option('--fsync', 'wait for the disk at every write')
  .option(
    '--oplog-size <megabytes>',
    'how much of the past change streams can be resumed from',
    positive,
    256,
  )
  .option('--segment-size <megabytes>', 'size of one file of the log', positive, 32)
  .option(
    '--compact-after <megabytes>',
    'how much more than twice the data the files may hold before they are compacted',
    positive,
    64,
  )
  .option('--ttl-interval <seconds>', 'time between two rounds of the TTL monitor', positive, 60)
  .option('--majority-lag <milliseconds>', 'how far the played majority is behind', wholeNumber, 0)

async function main(): Promise<void> {
  const { port, replicaSet, data, fsync, ...sizes } = program.parse().opts<CliOptions>()
  const standIn = await startStandIn({
    port,
    replicaSet,
    data,
    fsync,
    oplogMegabytes: sizes.oplogSize,
    segmentMegabytes: sizes.segmentSize,
    slackMegabytes: sizes.compactAfter,
    ttlIntervalSeconds: sizes.ttlInterval,
    majorityLagMilliseconds: sizes.majorityLag,
    report: (line) => console.error(`mongo-stand-in: ${line}`),
  })
  const stop = () => {
    standIn.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  // Last: who reads the line may send a signal at once.
  console.log(
    `mongo-stand-in listens on ${standIn.url} - a stand-in for tests and demos, never for production`,
  )
}

function fail(error: unknown): never {
  const isExpected =
    error instanceof PortInUseError ||
    error instanceof DataFolderLockedError ||
    error instanceof DamagedFileError ||
    error instanceof DataFormatError
  console.error(isExpected ? `mongo-stand-in: ${error.message}` : error)
  process.exit(1)
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('A whole number is expected.')
  return number
}

function positive(text: string): number {
  const number = Number(text)
  if (!(number > 0)) throw new InvalidArgumentError('A number above 0 is expected.')
  return number
}

main().catch(fail)
