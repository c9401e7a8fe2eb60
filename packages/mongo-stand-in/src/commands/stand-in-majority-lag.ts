import { Double } from 'bson'
import { badValue } from '../server-error.ts'
import type { Command } from './command.ts'
import { numberField } from './fields.ts'

/** How far the majority is behind, in milliseconds, for tests: `{ standInMajorityLag: 200 }`; 0 ends it. */
export const standInMajorityLag: Command = {
  name: 'standInMajorityLag',
  fields: [],
  run({ server, command }) {
    const milliseconds = numberField(command, 'standInMajorityLag')
    if (milliseconds === undefined || !(milliseconds >= 0))
      throw badValue('standInMajorityLag takes a number of milliseconds, 0 or more')
    const { majority } = server.store
    const was = majority.lag
    majority.setLag(milliseconds)
    return { was: new Double(was) }
  },
}
