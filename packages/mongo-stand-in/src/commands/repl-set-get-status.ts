import { Double, Int32, Long } from 'bson'
import { toTimestamp } from '../storage/cluster-clock.ts'
import type { Command } from './command.ts'

/** One member, the primary. */
export const replSetGetStatus: Command = {
  name: 'replSetGetStatus',
  adminOnly: true,
  run: ({ server }) => {
    const ts = toTimestamp(server.store.now())
    const t = Long.fromNumber(server.term)
    const opTime = { ts, t }
    const majorityOpTime = { ts: toTimestamp(server.store.majority.time()), t }
    return {
      set: server.replicaSet,
      date: new Date(),
      myState: new Int32(1),
      term: t,
      optimes: {
        lastCommittedOpTime: majorityOpTime,
        readConcernMajorityOpTime: majorityOpTime,
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
