import { plural } from '../plural.ts';
import type { Words } from '../words.ts';

const jobs = plural('fr', { one: 'tâche', other: 'tâches' });
const entries = plural('fr', { one: 'entrée', other: 'entrées' });
const loops = plural('fr', { one: 'boucle', other: 'boucles' });

export const durability: Words['durability'] = {
  lead: 'PostgreSQL est le registre : ce qui est accepté s’y trouve. La file n’en est qu’un index, qu’on peut refaire.',
  tints: { good: 'Bien', warn: 'À vérifier', bad: 'Mauvais', none: 'À savoir' },

  ledger: 'Registre et file',
  ledgerOf: 'Dans PostgreSQL et dans la file',
  name: 'File',
  toHandOver: 'Registre : à remettre',
  handedOver: 'Registre : remises',
  inQueue: 'File : en attente',
  withWorker: 'File : en cours',
  agree: 'Les deux concordent.',
  due: (count) => `${jobs(count)} au registre, pas encore dans la file : la remise est en cours.`,
  stuck: (count, age) => `À remettre : ${jobs(count)} au registre ; la plus ancienne attend depuis ${age}.`,
  stuckTodo: 'Voyez les boucles plus bas : dispatch-jobs doit tourner et la file répondre.',
  missing: (count) =>
    `Remises mais absentes de la file : ${jobs(count)}. Elles arrivent, ou seront remises de nouveau.`,
  extra: (count) =>
    `Sans tâche en attente dans la file : ${entries(count)}. Elles sont écartées ; rien ne tourne deux fois.`,
  unknown: 'La file ne peut pas être interrogée. Les tâches sont acceptées et attendent dans PostgreSQL.',
  unknownTodo: 'Voyez plus bas ce qu’il en est de Redis.',

  recoveries: 'Ce qui a été trouvé et réparé',
  postgres: 'PostgreSQL',
  postgresUp: 'Il répond.',
  postgresReadOnly: 'Il est en lecture seule : rien n’est accepté.',
  postgresReadOnlyTodo: 'Faites pointer DATABASE_URL vers le primaire.',
  postgresDown: 'Il ne répond pas : rien n’est accepté jusque-là.',
  postgresDownTodo: 'Démarrez-le, ou regardez son journal.',
  migrations: 'Migrations',
  migrationsSame: 'Toutes sont faites.',
  migrationsLess: 'Il en manque.',
  migrationsLessTodo: 'Redémarrez le programme, ou lancez son étape de migration.',
  migrationsMore: 'Un programme plus récent l’a migrée.',
  migrationsMoreTodo: 'Démarrez celui-là à la place de celui-ci.',
  settings: {
    fsync: {
      good: 'Ce qui est validé est sur le disque.',
      bad: 'Une panne de courant peut faire perdre toute la base.',
      todo: 'Mettez fsync à on.',
    },
    synchronous_commit: {
      good: 'La réponse part une fois la validation sur le disque.',
      bad: 'Une panne de courant peut faire perdre les dernières demandes acceptées.',
      todo: 'Mettez synchronous_commit à on.',
    },
    full_page_writes: {
      good: 'Une page à moitié écrite est réparée au démarrage suivant.',
      bad: 'Une panne de courant peut abîmer des pages de la base.',
      todo: 'Mettez full_page_writes à on.',
    },
  },

  redis: 'Redis',
  noRedis: 'Redis n’est pas utilisé : la file vit dans PostgreSQL.',
  redisIsCache: 'Il n’est qu’un cache : la file vit dans PostgreSQL.',
  redisUp: 'Il répond.',
  redisDown: 'Il ne répond pas. Les demandes sont acceptées et attendent dans PostgreSQL.',
  redisDownTodo: 'Démarrez-le, ou vérifiez REDIS_URL.',
  aof: 'Fichier d’ajout (AOF)',
  aofOn: (fsync) => `Actif, écrit sur le disque : ${fsync}.`,
  aofOff: 'Inactif : un redémarrage de Redis vide la file, qui est ensuite remplie depuis PostgreSQL.',
  aofOffTodo: 'Mettez appendonly yes.',
  aofFailed: 'La dernière écriture a échoué.',
  diskTodo: 'Regardez le disque et le journal de Redis.',
  rdb: 'Instantanés (RDB)',
  rdbOn: (rules, when) => `Règles ${rules} ; le dernier ${when}.`,
  rdbOff: 'Il n’y en a pas, donc rien à sauvegarder de Redis. Le registre n’en a pas besoin.',
  rdbOffTodo: 'Mettez save 3600 1 300 100 60 10000.',
  rdbFailed: 'Le dernier a échoué.',
  policy: 'Quand la mémoire est pleine',
  policyGood: 'noeviction : rien n’est jeté.',
  policyBad: (policy) => `${policy} : des entrées de la file peuvent être jetées.`,
  policyTodo: 'Mettez maxmemory-policy noeviction.',
  memory: 'Mémoire',
  memoryOf: (used, most) => `${used} sur ${most} utilisés.`,
  memoryFree: (used) => `${used} utilisés, sans limite.`,
  memoryTodo: 'Augmentez maxmemory avant que Redis ne refuse d’écrire.',
  notSaid: 'Redis ne le dit pas.',

  loops: 'Ce qui tourne tout seul',
  loopsWell: (count) => `${loops(count)}, et toutes tournent.`,
  standing: (name, process, since) => `${name} dans ${process} est à l’arrêt (depuis : ${since}).`,
  allLoops: 'Toutes les boucles',
  loop: 'Boucle',
  process: 'Processus',
  success: 'Dernier succès',
  state: 'État',
  runs: 'tourne',
  stands: 'à l’arrêt',
};
