package dev.viridian.app.access;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Writes, for one service, the class that stands before it: the same client interface, each written operation led through a [Passage].
///
/// Why not [java.lang.reflect.Proxy]: it lists all methods of an interface and so loads the types of all of them, 1,700 classes for EC2 alone, which
/// is most of what a start would cost. This looks only at the methods the service wrote. What it did not write stays the interface's own: overloads that
/// build a request and paginators end in the operations here, and operations nobody has written throw `UnsupportedOperationException`.
///
/// What is written for `EcsClient`, in Java:
/// ```
/// final class EcsClientGate implements EcsClient, Gated {
///     public ListClustersResponse listClusters(ListClustersRequest a) { return (ListClustersResponse) passage.pass(this, 3, new Object[] {a}); }
///     public Object call(int operation, Object[] a) { switch (operation) { case 3: return service.listClusters((ListClustersRequest) a[0]); ... } }
/// }
/// ```
final class GateClass {
    /// What every written class also is: the way on to the service itself.
    interface Gated {
        Object call(int operation, Object[] arguments);
    }

    /// Where every call comes by.
    interface Passage {
        Object pass(Gated gated, int operation, Object[] arguments);
    }

    private static final ClassDesc PASSAGE = ClassDesc.ofDescriptor(Passage.class.descriptorString());
    private static final ClassDesc GATED = ClassDesc.ofDescriptor(Gated.class.descriptorString());
    private static final MethodTypeDesc PASS = MethodTypeDesc.of(CD_Object, GATED, CD_int, CD_Object.arrayType());
    private static final MethodTypeDesc CALL = MethodTypeDesc.of(CD_Object, CD_int, CD_Object.arrayType());

    private final ClassDesc self;
    private final ClassDesc service;
    private final Class<?> clientInterface;
    private final List<Method> methods;

    private GateClass(Class<?> clientInterface, Class<?> serviceClass, List<Method> methods) {
        this.clientInterface = clientInterface;
        this.service = describe(serviceClass);
        this.self = ClassDesc.of(GateClass.class.getPackageName(), clientInterface.getSimpleName() + "Gate");
        this.methods = methods;
    }

    /// The methods of `clientInterface` that the service wrote itself; the numbers of a [Passage] are places in this list.
    static List<Method> writtenBy(Class<?> serviceClass, Class<?> clientInterface) {
        return Arrays.stream(serviceClass.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers()) && !method.isBridge())
                .filter(method -> isOf(clientInterface, method))
                .toList();
    }

    /// `service` behind `passage`.
    static <C> C stand(Class<C> clientInterface, C service, List<Method> methods, Passage passage) {
        try {
            Class<?> written = MethodHandles.lookup().defineHiddenClass(new GateClass(clientInterface, service.getClass(), methods).bytes(), true).lookupClass();
            Constructor<?> constructor = written.getDeclaredConstructor(service.getClass(), Passage.class);
            return clientInterface.cast(constructor.newInstance(service, passage));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a class of our own making cannot be used: the gate before " + service.getClass().getName(), e);
        }
    }

    /// Finding one method by its type loads no others, unlike [Class#getMethod].
    private static boolean isOf(Class<?> clientInterface, Method method) {
        try {
            MethodHandles.publicLookup().findVirtual(clientInterface, method.getName(), MethodType.methodType(method.getReturnType(), method.getParameterTypes()));
            return true;
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return false; // a method for the assembly, not for callers
        }
    }

    private byte[] bytes() {
        return ClassFile.of().build(self, this::members);
    }

    private void members(ClassBuilder type) {
        type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC).withInterfaceSymbols(describe(clientInterface), GATED);
        type.withField("service", service, ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
        type.withField("passage", PASSAGE, ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
        type.withMethodBody(INIT_NAME, MethodTypeDesc.of(CD_void, service, PASSAGE), 0, this::constructor);
        for (int i = 0; i < methods.size(); i++) {
            int number = i;
            Method method = methods.get(i);
            type.withMethodBody(method.getName(), typeOf(method), ClassFile.ACC_PUBLIC, code -> throughPassage(code, number, method));
        }
        type.withMethodBody("call", CALL, ClassFile.ACC_PUBLIC, this::onward);
    }

    private void constructor(CodeBuilder code) {
        code.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void)
                .aload(0).aload(1).putfield(self, "service", service)
                .aload(0).aload(2).putfield(self, "passage", PASSAGE)
                .return_();
    }

    private void throughPassage(CodeBuilder code, int number, Method method) {
        code.aload(0).getfield(self, "passage", PASSAGE).aload(0).loadConstant(number);
        code.loadConstant(method.getParameterCount()).anewarray(CD_Object);
        for (int i = 0; i < method.getParameterCount(); i++) {
            code.dup().loadConstant(i).aload(i + 1).aastore();
        }
        code.invokeinterface(PASSAGE, "pass", PASS);
        if (method.getReturnType() == void.class) {
            code.pop().return_();
        } else {
            code.checkcast(describe(method.getReturnType())).areturn();
        }
    }

    private void onward(CodeBuilder code) {
        List<SwitchCase> cases = new ArrayList<>();
        for (int i = 0; i < methods.size(); i++) {
            cases.add(SwitchCase.of(i, code.newLabel()));
        }
        Label unknown = code.newLabel();
        code.iload(1).tableswitch(unknown, cases);
        for (SwitchCase each : cases) {
            code.labelBinding(each.target());
            serve(code, methods.get(each.caseValue()));
        }
        code.labelBinding(unknown).aconst_null().areturn();
    }

    private void serve(CodeBuilder code, Method method) {
        code.aload(0).getfield(self, "service", service);
        for (int i = 0; i < method.getParameterCount(); i++) {
            code.aload(2).loadConstant(i).aaload().checkcast(describe(method.getParameterTypes()[i]));
        }
        code.invokevirtual(service, method.getName(), typeOf(method));
        if (method.getReturnType() == void.class) {
            code.aconst_null();
        }
        code.areturn();
    }

    private static MethodTypeDesc typeOf(Method method) {
        return MethodTypeDesc.of(describe(method.getReturnType()), Arrays.stream(method.getParameterTypes()).map(GateClass::describe).toList());
    }

    private static ClassDesc describe(Class<?> type) {
        return ClassDesc.ofDescriptor(type.descriptorString());
    }
}
