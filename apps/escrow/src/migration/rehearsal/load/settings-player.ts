import { idIn, type LoadWorld, read, write } from './load-world.ts'

/** An administrator who changes a level that nobody reaches and a threshold of the testnet. */
export function settingsPlayer(world: LoadWorld): () => Promise<void> {
  const { admin: actor } = world
  let level: string | null = null
  let number = 0
  return async () => {
    number += 1
    await read(world, '/api/points/levels', { actor })
    if (level === null) level = await newLevel(world)
    else await changeLevel(world, level, `#${String(number % 1_000_000).padStart(6, '0')}`)

    const value = 5 + (number % 50)
    const body = { value, reason: `change ${number} under load` }
    const path = '/api/admin/settings/confirmation_threshold:97'
    await write(world, 'PATCH', path, { actor, body }, (data) =>
      idIn(data) === ''
        ? []
        : [
            {
              target: { unit: 'config', collection: 'configsettings', id: idIn(data), path: 'value' },
              allowed: [value],
            },
          ],
    )
    await read(world, world.random.pick(['/api/admin/settings', `${path}/history`]), { actor })
  }
}

async function newLevel(world: LoadWorld): Promise<string | null> {
  const body = {
    level: 900 + (process.pid % 100),
    name: 'Load',
    nameEn: 'Load',
    minPoints: 1_000_000_000,
    isActive: false,
  }
  const options = { actor: world.admin, body }
  const answer = await write(world, 'POST', '/api/points/admin/levels', options, (data) =>
    idIn(data) === '' ? [] : [written(idIn(data), 'nameEn', 'Load')],
  )
  return answer.kind === 'done' ? idIn(answer.data) : null
}

async function changeLevel(world: LoadWorld, id: string, color: string): Promise<void> {
  const options = { actor: world.admin, body: { color } }
  await write(world, 'PATCH', `/api/points/admin/levels/${id}`, options, () => [written(id, 'color', color)])
}

const written = (id: string, path: string, value: string) => ({
  target: { unit: 'level' as const, collection: 'levelconfigs', id, path },
  allowed: [value],
})
