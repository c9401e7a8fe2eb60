import { hostname } from 'node:os'
import { type Document, Double, Int32, Long } from 'bson'
import { isDocument } from '../bson/value-type.ts'
import { splitNamespace } from '../storage/catalog.ts'
import { toTimestamp } from '../storage/cluster-clock.ts'
import { sizes } from './collection-stats.ts'
import type { Command } from './command.ts'
import { targetNamespace } from './context.ts'

/** The version whose behaviour is copied; the suffix tells who is speaking. */
export const VERSION = '8.0.0-stand-in'
const VERSION_ARRAY = [8, 0, 0, 0].map((part) => new Int32(part))

export const ping: Command = { name: 'ping', run: () => ({}) }

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

export const hostInfo: Command = {
  name: 'hostInfo',
  run: () => ({
    system: { currentTime: new Date(), hostname: hostname(), cpuAddrSize: new Int32(64) },
    os: { type: process.platform },
    extra: {},
  }),
}

export const serverStatus: Command = {
  name: 'serverStatus',
  run: ({ server }) => ({
    host: server.address,
    version: VERSION,
    process: 'mongo-stand-in',
    pid: Long.fromNumber(process.pid),
    uptime: new Double((Date.now() - server.startedAt.getTime()) / 1000),
    localTime: new Date(),
    mem: { bits: new Int32(64), resident: new Int32(Math.round(process.memoryUsage.rss() / 1048576)) },
    repl: {
      setName: server.replicaSet,
      isWritablePrimary: true,
      hosts: [server.address],
      me: server.address,
    },
    storageEngine: { name: 'stand-in', supportsCommittedReads: true, persistent: true },
    transactions: { currentOpen: Long.fromNumber(openTransactions(server.sessions.all())) },
  }),
}

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

export const connectionStatus: Command = {
  name: 'connectionStatus',
  run: () => ({
    authInfo: { authenticatedUsers: [], authenticatedUserRoles: [], authenticatedUserPrivileges: [] },
  }),
}

export const replSetGetStatus: Command = {
  name: 'replSetGetStatus',
  run: ({ server }) => {
    const ts = toTimestamp(server.store.now())
    const opTime = { ts, t: Long.ONE }
    return {
      set: server.replicaSet,
      date: new Date(),
      myState: new Int32(1),
      term: Long.ONE,
      optimes: {
        lastCommittedOpTime: opTime,
        readConcernMajorityOpTime: opTime,
        appliedOpTime: opTime,
        durableOpTime: opTime,
      },
      members: [
        {
          _id: new Int32(0),
          name: server.address,
          health: new Double(1),
          state: new Int32(1),
          stateStr: 'PRIMARY',
          optime: opTime,
          self: true,
        },
      ],
    }
  },
}

export const replSetGetConfig: Command = {
  name: 'replSetGetConfig',
  run: ({ server }) => ({
    config: {
      _id: server.replicaSet,
      version: new Int32(1),
      members: [{ _id: new Int32(0), host: server.address }],
      settings: { defaultWriteConcern: {} },
    },
  }),
}

export const getDefaultRWConcern: Command = {
  name: 'getDefaultRWConcern',
  run: () => ({
    defaultReadConcern: { level: 'local' },
    defaultWriteConcern: { w: 'majority', wtimeout: new Int32(0) },
  }),
}

export const getLog: Command = { name: 'getLog', run: () => ({ totalLinesWritten: new Int32(0), log: [] }) }

export const collStats: Command = {
  name: 'collStats',
  aliases: ['collstats'],
  run: (context) => {
    const ns = targetNamespace(context, Object.keys(context.command)[0])
    return { ns, ...sizes(context.server.store.catalog.get(ns)) }
  },
}

export const dbStats: Command = {
  name: 'dbStats',
  aliases: ['dbstats'],
  run: ({ server, db }) => {
    const own = [...server.store.catalog.values()].filter(({ ns }) => splitNamespace(ns).db === db)
    const sum = (of: (collection: (typeof own)[number]) => number) =>
      own.reduce((total, each) => total + of(each), 0)
    return {
      db,
      collections: Long.fromNumber(own.length),
      views: Long.ZERO,
      objects: Long.fromNumber(sum(({ count }) => count)),
      dataSize: new Double(sum(({ bytes }) => bytes)),
      storageSize: new Double(sum(({ bytes }) => bytes)),
      indexes: Long.fromNumber(sum(({ indexes }) => indexes.size + 1)),
      scaleFactor: Long.ONE,
    }
  },
}

export const killOp: Command = {
  name: 'killOp',
  run: ({ server, command }) => {
    server.operations.kill(Number(command.op))
    return { info: 'attempting to kill op' }
  },
}

export const configureFailPoint: Command = {
  name: 'configureFailPoint',
  run: ({ server, command }) => {
    const { configureFailPoint: name, mode, data } = command
    server.failPoints.configure(String(name), mode, isDocument(data) ? data : {})
    return {}
  },
}

function openTransactions(sessions: Iterable<{ transaction: { state: string } | undefined }>): number {
  let open = 0
  for (const { transaction } of sessions) if (transaction?.state === 'open') open++
  return open
}
