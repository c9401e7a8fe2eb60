import type { Document } from 'bson'
import { isDocument } from '../bson/value-type.ts'
import { notSupported } from '../server-error.ts'
import type { ServerState } from '../server-state.ts'
import { abortTransaction } from '../transactions/open-transaction.ts'
import type { Session } from '../transactions/session-registry.ts'
import type { Command } from './command.ts'
import { documentListField } from './fields.ts'

export const endSessions: Command = {
  name: 'endSessions',
  fields: [],
  run: ({ command, server }) => {
    forEachSession(server, documentListField(command, 'endSessions'), (session) => {
      giveUp(server, session)
      // What a retry must find stays with its session until that times out.
      if (session.txnNumber < 0n) server.sessions.forget(session)
    })
    return {}
  },
}

export const killSessions: Command = {
  name: 'killSessions',
  fields: [],
  run: ({ command, server }) => {
    const named = documentListField(command, 'killSessions')
    if (named.length === 0) killAll(server)
    else forEachSession(server, named, (session) => kill(server, session))
    return {}
  },
}

export const killAllSessions: Command = {
  name: 'killAllSessions',
  fields: [],
  run: ({ command, server }) => {
    if (documentListField(command, 'killAllSessions').length > 0)
      throw notSupported('killAllSessions of users')
    killAll(server)
    return {}
  },
}

export const killAllSessionsByPattern: Command = {
  name: 'killAllSessionsByPattern',
  fields: [],
  run: ({ command, server }) => {
    const patterns = documentListField(command, 'killAllSessionsByPattern')
    if (patterns.length === 0) killAll(server)
    const lsids = patterns.map(({ lsid, ...others }) => {
      if (!isDocument(lsid) || Object.keys(others).length > 0) {
        throw notSupported('killAllSessionsByPattern by anything but lsid')
      }
      return lsid
    })
    forEachSession(server, lsids, (session) => kill(server, session))
    return {}
  },
}

export const refreshSessions: Command = {
  name: 'refreshSessions',
  fields: [],
  run: ({ command, server }) => {
    forEachSession(server, documentListField(command, 'refreshSessions'), (session) => {
      session.lastUse = Date.now()
    })
    return {}
  },
}

export const startSession: Command = { name: 'startSession', run: () => ({ timeoutMinutes: 30 }) }

function killAll(server: ServerState): void {
  for (const session of [...server.sessions.all()]) kill(server, session)
}

/** Ends what the session does now, its transaction and its cursors; the session itself may go on. */
function kill(server: ServerState, session: Session): void {
  for (const operation of server.operations.all())
    if (operation.session === session) server.operations.kill(operation.id)
  giveUp(server, session)
}

function giveUp(server: ServerState, session: Session): void {
  if (session.transaction !== undefined) abortTransaction(server, session.transaction)
  server.cursors.killWhere(({ sessionKey }) => sessionKey === session.key)
}

function forEachSession(server: ServerState, lsids: Document[], act: (session: Session) => void): void {
  for (const lsid of lsids) {
    const session = server.sessions.find(lsid)
    if (session !== undefined) act(session)
  }
}
