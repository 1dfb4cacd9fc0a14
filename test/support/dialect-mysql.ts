process.env.TEST_DIALECT = 'mysql';
