import { seededRandom } from '../../../seed/legacy/random.ts'
import { parseId } from '../../platform/ids.ts'
import type { EscrowApp } from '../../testing/escrow-app.ts'
import { acknowledgedWrites } from '../rehearsal/acknowledged-writes.ts'
import type { LoadClient } from '../rehearsal/load/http-client.ts'
import { type LoadWorld, newLoadCounts } from '../rehearsal/load/load-world.ts'

/** For tests: the world of a rehearsal's players, whose calls go into an application of this process. */
export function injectedLoad(
  escrow: EscrowApp,
  given: Pick<LoadWorld, 'admin'> & Partial<LoadWorld>,
): LoadWorld {
  const call: LoadClient['call'] = async (method, url, { actor, body, headers } = {}) => {
    const token = actor && (await escrow.tokenFor(actor.role, parseId(actor.id)))
    const response = await escrow.app.inject({
      method: method as 'GET',
      url,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: body as object | string }),
    })
    const answer = response.json()
    return response.statusCode < 300
      ? { kind: 'done', status: response.statusCode, data: answer.data ?? {} }
      : { kind: 'refused', status: response.statusCode, code: answer.code }
  }
  return {
    client: { call, setProcesses: () => {} },
    writes: acknowledgedWrites(),
    counts: newLoadCounts(),
    random: seededRandom(1),
    buyers: [],
    sellers: [],
    categoryId: '',
    webhookSecretKey: '',
    telegramBotToken: '',
    mailedCode: async () => null,
    stopped: false,
    ...given,
  }
}
