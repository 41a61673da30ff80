package io.mooring.itests.lab;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Gives the one {@link Lab} of this JVM to methods that ask for it, and ends it after the last test. Without root each test is
 * skipped; with root a lab that cannot be made fails each test, with the same reason. What hangs in the lab is told with what it
 * was at, while it still is; every failure with the last packets. Stateless: the lab lies in JUnit's root store.
 */
final class LabExtension implements ExecutionCondition, ParameterResolver, TestExecutionExceptionHandler {

    private static final Namespace NAMESPACE = Namespace.create(LabExtension.class);

    /** Made once, or failed once: a second try would take as long and fail as well. */
    private record Attempt(Lab lab, RuntimeException failure) implements AutoCloseable {

        static Attempt make() {
            try {
                return new Attempt(Lab.boot(), null);
            } catch (RuntimeException e) {
                return new Attempt(null, e);
            }
        }

        @Override
        public void close() {
            if (lab != null) {
                lab.close();
            }
        }
    }

    /** Asked for each method, so that the number of skipped tests is the true one. */
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (context.getTestMethod().isEmpty()) {
            return ConditionEvaluationResult.enabled("the methods decide");
        }
        return LabRequirements.reasonToSkip()
                .map(ConditionEvaluationResult::disabled)
                .orElse(ConditionEvaluationResult.enabled("root"));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Lab.class;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        Attempt attempt = context.getRoot().getStore(NAMESPACE).get(Attempt.class, Attempt.class);
        if (attempt == null || attempt.lab() == null) {
            throw failure;
        }
        String packets = attempt.lab().packets().last();
        if (failure instanceof LabException) {
            throw new LabException(
                    failure.getMessage() + "\n" + LabDiagnosis.of(attempt.lab()) + "\n" + packets, failure);
        }
        if (failure instanceof AssertionError) {
            throw new AssertionError(failure.getMessage() + "\n" + packets, failure);
        }
        throw failure;
    }

    @Override
    public Lab resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Attempt attempt = context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Attempt.class, key -> Attempt.make(), Attempt.class);
        if (attempt.failure() != null) {
            throw new LabException(attempt.failure().getMessage(), attempt.failure());
        }
        return attempt.lab();
    }
}
