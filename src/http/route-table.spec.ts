import { RouteTable } from './route-table.js';

const table = new RouteTable();
table.add('/', ['GET', 'HEAD']);
table.add('/movies', 'GET');
table.add('/movies/:slug', ['GET', 'HEAD']);
table.add('/movies/generate', 'POST');
table.add('/movies/:slug/descriptions', 'GET');
table.add('/jobs/:id', 'GET');
table.add('/jobs/:id', 'DELETE');
table.add('/docs/*', 'GET');

describe('an address', () => {
  it.each([
    ['/movies', ['GET']],
    ['/movies/heat-1995', ['GET', 'HEAD']],
    ['/movies/generate', ['POST']],
    ['/jobs/1', ['GET', 'DELETE']],
    ['/movies/', []],
    ['/movies/:slug', ['GET', 'HEAD']],
    ['/docs/page', []],
    ['/films', []],
  ])('%s has the methods %j', (path, methods) => {
    expect(table.methodsAt(path)).toEqual(methods);
  });

  it('is spelled out by a route, or a name to it', () => {
    expect(table.methodsOfExactly('/movies/generate')).toEqual(['POST']);
    expect(table.methodsOfExactly('/movies/heat-1995')).toEqual([]);
    expect(table.methodsOfExactly('/movies/:slug')).toEqual([]);
  });

  it.each([
    ['/movies', '/movies'],
    ['/movies/', '/movies'],
    ['//movies//', '/movies'],
    ['/', '/'],
    ['///', '/'],
    ['/movies/The-Matrix-1999', '/movies/the-matrix-1999'],
    ['/Movies//The-Matrix-1999/Descriptions/', '/movies/the-matrix-1999/descriptions'],
    ['/MOVIES/GENERATE', '/movies/generate'],
    ['/movies/Am%C3%A9lie', '/movies/Am%C3%A9lie'],
    ['/jobs/019AB1D2/', '/jobs/019AB1D2'],
  ])('%s is spelled %s', (path, spelled) => {
    expect(table.canonical(path)).toBe(spelled);
  });

  it.each(['//evil.example/', '//evil.example', '/\\evil.example/', '/films/', '/docs/Page'])(
    '%s leads nowhere',
    (path) => {
      expect(table.canonical(path)).toBeNull();
    },
  );
});
