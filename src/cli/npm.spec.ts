import { refuseTakenOptions } from './npm.js';

const OPTIONS = ['year', 'wait', 'json', 'url'];

describe('options that npm has taken', () => {
  it('are named, with how to pass them on', () => {
    const env = { npm_lifecycle_event: 'cli', npm_config_year: 'true', npm_config_json: 'true' };
    expect(() => refuseTakenOptions(OPTIONS, env)).toThrow(
      /^npm has taken --year, --json for itself: write npx moviemind/,
    );
  });

  it('are none of ours where another script runs the command, or npm itself has such a setting', () => {
    expect(() => refuseTakenOptions(OPTIONS, { npm_lifecycle_event: 'import', npm_config_year: '1995' })).not.toThrow();
    expect(() => refuseTakenOptions(OPTIONS, { npm_config_year: '1995' })).not.toThrow();
    expect(() => refuseTakenOptions(OPTIONS, { npm_lifecycle_event: 'cli', npm_config_json: 'true' })).not.toThrow();
  });
});
