export const plot = {
  asTable: 'As a table',
  time: 'Time',
};
